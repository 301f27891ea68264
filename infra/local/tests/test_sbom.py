import unittest

from sbom import listed_packages, packages_of_roots, without_others

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
    def test_each_function_has_its_own(self):
        self.assertEqual(packages_of_roots(TREE), {
            "callhook-a": {("callhook", "0.1.0"), ("serde", "1.0.228"), ("serde_derive", "1.0.228")},
            "callhook-b": {("callhook", "0.1.0"), ("url", "2.5.0")},
        })  # fmt: skip

    def test_what_only_tests_need_is_in_no_bill(self):
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
        kept = without_others(made, {("url", "2.5.0")})
        self.assertEqual([component["bom-ref"] for component in kept["components"]], ["url"])
        self.assertEqual(kept["dependencies"], [{"ref": "f", "dependsOn": ["url"]}, {"ref": "url", "dependsOn": []}])
        self.assertEqual(kept["metadata"], made["metadata"])

    def test_a_bill_lists_names_with_versions(self):
        document = {"components": [{"name": "url", "version": "2.5.0", "purl": "pkg:cargo/url@2.5.0"}]}
        self.assertEqual(listed_packages(document), {("url", "2.5.0")})
