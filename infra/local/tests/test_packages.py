import os
import tempfile
import unittest
import unittest.mock
import zipfile
from pathlib import Path

from local import packages
from local.functions import FUNCTIONS
from local.settings import MONITORING, TEMPLATE, Settings


class Packages(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.settings = Settings(self.folder, 8080, 4566, persist=True)
        self.binary = self.folder / "binaries" / "console" / "bootstrap"
        self.binary.parent.mkdir(parents=True)
        self.binary.write_bytes(b"\x7fELF" * 1000)
        patch = unittest.mock.patch.object(packages, "BINARIES", self.folder / "binaries")
        patch.start()
        self.addCleanup(patch.stop)

    def packed(self) -> bytes:
        packages.packed_template(self.settings, ("console",))
        return (self.folder / "packages" / "console.zip").read_bytes()

    def test_a_package_holds_the_executable_binary(self) -> None:
        self.packed()
        with zipfile.ZipFile(self.folder / "packages" / "console.zip") as package:
            (entry,) = package.infolist()
            self.assertEqual((entry.filename, entry.external_attr >> 16), ("bootstrap", 0o100755))
            self.assertEqual(package.read(entry), self.binary.read_bytes())

    def test_packages_are_equal_if_binaries_are_equal(self) -> None:
        first = self.packed()
        os.utime(self.binary)
        self.assertEqual(self.packed(), first)
        self.binary.write_bytes(b"\x7fELF changed")
        self.assertNotEqual(self.packed(), first)

    def test_the_template_names_the_package_of_each_function(self) -> None:
        for function in FUNCTIONS:
            (self.folder / "binaries" / function).mkdir(exist_ok=True)
            (self.folder / "binaries" / function / "bootstrap").write_bytes(b"\x7fELF")
        copy = packages.packed_template(self.settings, FUNCTIONS).read_text()
        self.assertNotIn("target/lambda", "".join(line for line in copy.splitlines() if "CodeUri" in line))
        for function in FUNCTIONS:
            self.assertEqual(copy.count(f"CodeUri: {self.folder}/packages/{function}.zip\n"), 1, function)
        self.assertEqual(len(copy.splitlines()), len(TEMPLATE.read_text().splitlines()))

    def test_the_nested_template_is_beside_the_copy(self) -> None:
        self.packed()
        copy = self.folder / "packages" / MONITORING.name
        self.assertEqual(copy.read_text(), MONITORING.read_text())
        self.assertIn(f"TemplateURL: {MONITORING.name}\n", TEMPLATE.read_text())
