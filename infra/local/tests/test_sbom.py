import base64
import hashlib
import json
import unittest

from sbom import THIRD_PARTY, listed_packages, npm_component, only_packages, packages_of_roots, with_npm_packages

TREE = """\
callhook-a v0.1.0 (/src/functions/a)
callhook v0.1.0 (/src/shared)
serde v1.0.228
serde_derive v1.0.228 (proc-macro)
serde v1.0.228

callhook-b v0.1.0 (/src/functions/b)
callhook v0.1.0 (/src/shared)
url v2.5.0
"""


class Packages(unittest.TestCase):
    def test_each_function_has_its_own_packages(self) -> None:
        self.assertEqual(packages_of_roots(TREE), {
            "callhook-a": {("callhook", "0.1.0"), ("serde", "1.0.228"), ("serde_derive", "1.0.228")},
            "callhook-b": {("callhook", "0.1.0"), ("url", "2.5.0")},
        })  # fmt: skip

    def test_packages_of_tests_are_left_out(self) -> None:
        made = {
            "metadata": {"component": {"bom-ref": "f"}},
            "components": [
                {"bom-ref": "url", "name": "url", "version": "2.5.0"},
                {"bom-ref": "old url", "name": "url", "version": "1.0.0"},
            ],
            "dependencies": [
                {"ref": "f", "dependsOn": ["url", "old url"]},
                {"ref": "url"},
                {"ref": "old url", "dependsOn": ["url"]},
            ],
        }
        refs = only_packages(made, {("url", "2.5.0")})
        self.assertEqual([component["bom-ref"] for component in refs["components"]], ["url"])
        self.assertEqual(refs["dependencies"], [{"ref": "f", "dependsOn": ["url"]}, {"ref": "url", "dependsOn": []}])
        self.assertEqual(refs["metadata"], made["metadata"])

    def test_a_bill_lists_names_with_versions(self) -> None:
        document = {"components": [{"name": "url", "version": "2.5.0", "purl": "pkg:cargo/url@2.5.0"}]}
        self.assertEqual(listed_packages(document), {("url", "2.5.0")})

    def test_npm_packages_of_the_console_are_components_that_it_depends_on(self) -> None:
        made = {
            "metadata": {"component": {"bom-ref": "f"}},
            "components": [{"bom-ref": "url", "name": "url", "version": "2.5.0"}],
            "dependencies": [{"ref": "f", "dependsOn": ["url"]}, {"ref": "url"}],
        }
        digest = hashlib.sha512(b"archive")
        integrity = f"sha512-{base64.b64encode(digest.digest()).decode()}"
        bundled = [
            {"name": "preact", "version": "10.29.8", "licence": "MIT", "integrity": integrity},
            {"name": "@lit/reactive-element", "version": "2.1.0", "licence": "BSD-3-Clause", "integrity": integrity},
        ]
        bill = with_npm_packages(made, bundled)
        preact, lit = "pkg:npm/preact@10.29.8", "pkg:npm/%40lit/reactive-element@2.1.0"
        self.assertEqual([component["bom-ref"] for component in bill["components"]], ["url", preact, lit])
        self.assertEqual(bill["components"][1], {
            "type": "library", "bom-ref": preact, "name": "preact", "version": "10.29.8", "purl": preact,
            "licenses": [{"expression": "MIT"}], "hashes": [{"alg": "SHA-512", "content": digest.hexdigest()}],
        })  # fmt: skip
        self.assertEqual(bill["dependencies"], [
            {"ref": "f", "dependsOn": ["url", preact, lit]}, {"ref": "url"},
            {"ref": preact, "dependsOn": []}, {"ref": lit, "dependsOn": []},
        ])  # fmt: skip
        self.assertEqual(with_npm_packages(made, []), made)

    def test_each_package_of_the_console_has_a_licence_and_a_hash(self) -> None:
        for package in json.loads(THIRD_PARTY.read_text()):
            component = npm_component(package)
            self.assertRegex(
                component["licenses"][0]["expression"], r"^(?!unknown$)[A-Za-z0-9.() -]+$", package["name"]
            )
            self.assertTrue(component["hashes"][0]["content"], package["name"])
