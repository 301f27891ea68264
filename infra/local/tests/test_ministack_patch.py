"""Replaced parts of MiniStack are there, are of the right kind, and are those that docs/local-cloud.md lists."""

import ast
import re
import subprocess
import sys
import unittest
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

from local.ministack_patch import PatchError, existing, replace
from local.settings import INFRA, ROOT
from local.tests.modules import module

LOCAL = INFRA / "local"
HELPER = LOCAL / "ministack_patch.py"
ROW = re.compile(r"^\| `([\w.]+)` \| .+ \| `([\w/.]+)` \|$", re.MULTILINE)
APPLY_ALL = """
from pathlib import Path
from local.patches import patch_ministack
patch_ministack(lambda access_key: None, uses_file=Path("uses"), resolver=Path("resolver.so"))
"""


class Replacing(unittest.TestCase):
    def test_the_replacement_gets_the_original(self) -> None:
        service = module("service", run=lambda: 1)
        replace(service, "run", lambda original: lambda: original() + 1)
        self.assertEqual(service.run(), 2)

    def test_a_path_leads_into_the_module(self) -> None:
        service = module("service", Worker=SimpleNamespace(wait=0.05))
        replace(service, "Worker.wait", lambda _: 0.002)
        self.assertEqual(service.Worker.wait, 0.002)

    def test_a_missing_attribute_is_an_error_that_says_what_to_do(self) -> None:
        for name in ("run", "Worker.run"):
            with self.subTest(name), self.assertRaises(PatchError) as caught:
                replace(module("ministack.service", Worker=None), name, lambda _: print)
            error = str(caught.exception)
            self.assertIn(f"MiniStack {version('ministack')}: `ministack.service.{name}` is missing.", error)
            self.assertIn("docs/local-cloud.md", error)

    def test_another_kind_of_attribute_is_an_error_and_stays(self) -> None:
        service = module("service", run=0.05)
        with self.assertRaisesRegex(PatchError, "`service.run` is not callable but 0.05"):
            replace(service, "run", lambda _: print)
        with self.assertRaisesRegex(PatchError, "`service.run` is float and not str"):
            replace(service, "run", lambda _: "0.002")
        self.assertEqual(service.run, 0.05)

    def test_a_missing_attribute_that_is_only_read_is_an_error(self) -> None:
        with self.assertRaisesRegex(PatchError, "`service._lock` is missing"):
            existing(module("service"), "_lock")

    def test_ministack_has_all_that_is_replaced(self) -> None:
        """In another process: other tests need MiniStack as it is."""
        subprocess.run([sys.executable, "-c", APPLY_ALL], cwd=INFRA, check=True)


class Table(unittest.TestCase):
    def test_it_lists_each_replacement_and_no_other(self) -> None:
        page = (ROOT / "docs" / "local-cloud.md").read_text()
        section = page.partition("\n## What the launcher changes in MiniStack\n")[2].partition("\n## ")[0]
        replaced = sorted((name, str(file.relative_to(LOCAL))) for file, name in replacements())
        self.assertGreater(len(replaced), 10)
        self.assertEqual(sorted(ROW.findall(section)), replaced)

    def test_nothing_else_changes_ministack(self) -> None:
        modules = {name.partition(".")[0] for _, name in replacements()}
        for file in programs():
            for node in ast.walk(ast.parse(file.read_text())):
                where = f"{file.relative_to(LOCAL)}:{getattr(node, 'lineno', 0)}"
                if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                    self.assertNotIn(root_of(node), modules, where)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    self.assertNotEqual(node.func.id, "setattr", where)


def programs() -> list[Path]:
    """The programs of the local cloud, without tests and without the helper."""
    return [file for file in LOCAL.rglob("*.py") if file != HELPER and "tests" not in file.relative_to(LOCAL).parts]


def replacements() -> Iterator[tuple[Path, str]]:
    """Each call of `replace`: its file, and the module with the attribute."""
    for file in programs():
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(ast.Name("replace"), [ast.Name(owner), ast.Constant(str(name)), _]):
                    yield file, f"{owner}.{name}"


def root_of(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
