"""`make lint-crates` finds dependencies that programs and tests have with different features."""

import unittest

from checks.features import differing


class Features(unittest.TestCase):
    def test_only_packages_of_programs_with_other_features_in_tests_are_found(self) -> None:
        programs = "bitflags v2.13.2||\nserde v1.0.229|derive|\n\nsyn v3.0.10|full|\nserde v1.0.229|derive| (*)\n"
        tests = (
            "bitflags v2.13.2|std|\ninsta v1.49.0|colors|\nserde v1.0.229|derive| (*)\nsyn v3.0.10||\nsyn v3.0.10|full|"
        )
        self.assertEqual(differing(programs, tests), ["bitflags v2.13.2"])
        self.assertEqual(differing(programs, programs), [])
