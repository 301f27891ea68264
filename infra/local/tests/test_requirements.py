"""Each Python package is installed by its hash."""

import re
import subprocess
import unittest

from local.settings import ROOT
from local.tests.matches import match_in

ENTRY = re.compile(r"[a-z0-9-]+==[^\s;]+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+")


def lists() -> list[str]:
    """The lists of packages in the repository."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [file for file in files if re.search(r"(^|/)requirements[^/]*\.txt$", file)]


def names(text: str) -> set[str]:
    return {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}


class Lists(unittest.TestCase):
    def test_each_package_has_its_version_and_its_hashes(self) -> None:
        self.assertGreater(len(lists()), 3)
        for file in lists():
            rest = ENTRY.sub("", (ROOT / file).read_text()).strip()
            # Nothing else: no package without hashes, and no option such as an index.
            self.assertEqual(rest, "", file)

    def test_each_list_has_the_packages_of_its_source(self) -> None:
        for file in lists():
            asked_for = (ROOT / file).with_suffix(".in").read_text()
            self.assertTrue(names(asked_for), file)
            self.assertLessEqual(names(asked_for), names((ROOT / file).read_text()), file)

    def test_the_makefile_installs_by_hash_only_and_knows_all_lists(self) -> None:
        makefile = (ROOT / "Makefile").read_text()
        self.assertIn("\nPINNED    := --quiet --no-deps --require-hashes --requirement\n", makefile)
        installing = [line for line in makefile.splitlines() if "pip install" in line]
        self.assertTrue(installing)
        for line in installing:
            self.assertEqual(line.count("pip install"), line.count("$(PINNED)"), line)
        self.assertGreater(makefile.count("$(call install_list,"), 3)
        known = match_in(re.search(r"^REQUIREMENTS := (.*)$", makefile, re.MULTILINE))[1].split()
        self.assertEqual(sorted(f"{name}.txt" for name in known), sorted(lists()))
