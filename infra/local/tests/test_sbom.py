import unittest

from sbom import linked_packages, listed_packages

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
        self.assertEqual(linked_packages(TREE), {
            "callhook-a": {("callhook", "0.1.0"), ("serde", "1.0.228"), ("serde_derive", "1.0.228")},
            "callhook-b": {("callhook", "0.1.0"), ("url", "2.5.0")},
        })  # fmt: skip

    def test_a_bill_lists_names_with_versions(self):
        document = {"components": [{"name": "url", "version": "2.5.0", "purl": "pkg:cargo/url@2.5.0"}]}
        self.assertEqual(listed_packages(document), {("url", "2.5.0")})
