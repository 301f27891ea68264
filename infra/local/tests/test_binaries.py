"""`make deploy` checks the functions' binaries: tests with binaries of this machine's C compiler."""

import contextlib
import io
import os
import subprocess
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import binaries
from local.settings import COMMON_PARAMETERS

HERE = COMMON_PARAMETERS["Architecture"]
OTHER = {"arm64": "x86_64", "x86_64": "arm64"}[HERE]


class Binaries(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def compiled(self, source: str, *options: str, name: str = "bootstrap") -> Path:
        binary = self.folder / "f" / name
        binary.parent.mkdir(exist_ok=True)
        subprocess.run(["cc", "-x", "c", "-", *options, "-o", binary], input=source, text=True, check=True)
        return binary

    def needing(self, version: str) -> Path:
        """A program that uses a function of a C library of this version."""
        versions = self.folder / "versions"
        versions.write_text(f"{version} {{ f; }};\n")
        library = self.compiled(
            "void f(void) {}", "-shared", "-nostdlib", "-Wl,-soname,libc.so.6", f"-Wl,--version-script={versions}",
            name="libf.so",
        )  # fmt: skip
        return self.compiled("void f(void); void _start(void) { f(); }", "-nostdlib", "-x", "none", str(library))

    def problem(self, binary: Path, architecture: str = HERE) -> str:
        found = binaries.problem(binary, architecture)
        assert found, f"nothing is wrong with {binary}"
        return found

    def test_a_program_for_this_machine_passes_and_for_another_does_not(self) -> None:
        binary = self.needing("GLIBC_2.34")
        self.assertIsNone(binaries.problem(binary, HERE))
        self.assertIn(f"not for {OTHER}", self.problem(binary, OTHER))

    def test_a_newer_glibc_than_that_of_lambda_is_a_problem(self) -> None:
        for version, passes in (
            ("GLIBC_2.2.5", True), ("GLIBC_2.34", True), ("GLIBC_2.35", False), ("GLIBC_2.100", False),
            ("GLIBC_3.0", False), ("OTHER_9.9", True), ("GLIBC_PRIVATE", True),
        ):  # fmt: skip
            with self.subTest(version):
                problem = binaries.problem(self.needing(version), HERE)
                self.assertEqual(problem is None, passes, problem)
                if problem:
                    self.assertIn(f"needs glibc {version.removeprefix('GLIBC_')}, and Lambda has 2.34", problem)

    def test_a_static_program_passes(self) -> None:
        self.assertIsNone(binaries.problem(self.compiled("void _start(void) {}", "-nostdlib", "-static"), HERE))

    def test_a_file_that_is_no_program_is_a_problem(self) -> None:
        text = self.folder / "bootstrap"
        self.assertIn("is missing", self.problem(text))
        for content in (b"", b"#!/bin/sh\n", b"\x7fELF"):
            text.write_bytes(content)
            self.assertIn("is not a Linux program", self.problem(text))

    def test_the_command_fails_for_one_wrong_binary_and_says_which(self) -> None:
        self.compiled("void _start(void) {}", "-nostdlib", "-static")
        self.assertEqual(self.run_check("--arch", HERE, "f"), (0, ""))
        code, output = self.run_check("--arch", HERE, "f", "g")
        self.assertEqual(code, 1)
        self.assertIn(f"{self.folder}/g/bootstrap is missing", output)
        self.assertNotIn("/f/bootstrap", output)
        self.assertEqual(self.run_check("--arch", OTHER, "f")[0], 1)

    def test_the_command_refuses_a_program_of_more_than_15_mb(self) -> None:
        binary = self.compiled("void _start(void) {}", "-nostdlib", "-static")
        for size, message in ((15_000_000, ""), (15_100_000, "has 15.1 MB, and 15 are allowed")):
            with self.subTest(size):
                os.truncate(binary, size)
                code, output = self.run_check("--arch", HERE, "f")
                self.assertEqual(code, 1 if message else 0, output)
                self.assertIn(message, output)

    def run_check(self, *words: str) -> tuple[int, str]:
        output = io.StringIO()
        with (
            unittest.mock.patch.object(binaries, "BINARIES", self.folder),
            unittest.mock.patch("sys.argv", ["binaries.py", *words]),
            contextlib.redirect_stderr(output),
        ):
            return binaries.main(), output.getvalue()
