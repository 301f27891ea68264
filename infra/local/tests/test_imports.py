"""checks/imports.py finds imports against the layers, and cycles, in small crates."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from checks import imports


class Crates(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "functions").mkdir()
        patch = mock.patch.object(imports, "ROOT", self.root)
        patch.start()
        self.addCleanup(patch.stop)

    def write(self, files: dict[str, str], crate: str = "shared") -> None:
        for name, code in files.items():
            file = self.root / crate / "src" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(code)

    def findings(self) -> list[str]:
        """The lines that the check prints for findings."""
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            code = imports.main()
        found = errors.getvalue().splitlines()
        self.assertEqual(code, 1 if found else 0)
        self.assertEqual("0 cycles" in output.getvalue(), not found)
        return found


class Layers(Crates):
    def test_an_import_of_an_inner_layer_passes(self) -> None:
        self.write({
            "lib.rs": "pub mod aws;\npub mod domain;\npub mod input;\n",
            "aws.rs": "use crate::domain::Report;\nuse crate::input::parse;\n",
            "domain.rs": "use crate::input;\n",
            "input.rs": "use std::fmt;\n",
        })  # fmt: skip
        self.assertEqual(self.findings(), [])

    def test_an_import_of_an_outer_layer_is_found_with_its_line(self) -> None:
        self.write({
            "domain/report.rs": "//! A report.\n\nuse crate::aws::Table;\n",
            "aws.rs": "pub struct Table;\n",
        })  # fmt: skip
        self.assertEqual(self.findings(), ["shared/src/domain/report.rs:3: `domain` must not import `aws`"])

    def test_a_path_in_code_is_an_import_too(self) -> None:
        self.write({"ports.rs": "fn f() {\n    crate::runtime::start();\n}\n", "runtime.rs": "pub fn start() {}\n"})
        self.assertEqual(self.findings(), ["shared/src/ports.rs:2: `ports` must not import `runtime`"])

    def test_super_and_self_lead_to_modules(self) -> None:
        self.write({
            "domain/a.rs": "use super::super::aws::Table;\nuse super::b::B;\n",
            "domain/b.rs": "pub struct B;\n",
            "domain/mod.rs": "use self::a::A;\n",
            "aws.rs": "pub struct Table;\n",
        })  # fmt: skip
        self.assertEqual(self.findings(), ["shared/src/domain/a.rs:1: `domain` must not import `aws`"])

    def test_each_path_of_nested_groups_is_an_import(self) -> None:
        use = "use crate::{\n    aws::{self, table::{Key, Table}},\n    domain::Report as R,\n    runtime,\n};\n"
        self.write({
            "input.rs": use, "aws/mod.rs": "", "aws/table.rs": "", "domain.rs": "", "runtime.rs": "",
        })  # fmt: skip
        outer = ("aws", "aws", "aws", "domain", "runtime")
        self.assertEqual(self.findings(), [f"shared/src/input.rs:1: `input` must not import `{one}`" for one in outer])
        self.assertEqual(imports.expanded("a::{b, c::{d, e as f}}"), ["a::b", "a::c::d", "a::c::e"])

    def test_other_crates_have_no_layers(self) -> None:
        self.write({"domain.rs": "use crate::aws::Table;\n", "aws.rs": ""}, crate="functions/deliver")
        self.assertEqual(self.findings(), [])


class Frameworks(Crates):
    def test_a_framework_in_an_inner_layer_is_found(self) -> None:
        self.write({
            "domain/report.rs": "use serde::Serialize;\nuse aws_sdk_dynamodb::Client;\n",
            "ports.rs": "fn f(request: axum::extract::Request) {}\n",
        })  # fmt: skip
        self.assertEqual(self.findings(), [
            "shared/src/domain/report.rs:2: `domain` must not import aws_sdk_dynamodb",
            "shared/src/ports.rs:1: `ports` must not import axum",
        ])  # fmt: skip

    def test_a_framework_in_an_outer_layer_passes(self) -> None:
        self.write({"aws.rs": "use aws_sdk_sqs::Client;\n", "http_api.rs": "use lambda_http::Body;\n"})
        self.assertEqual(self.findings(), [])


class Cycles(Crates):
    def test_a_cycle_of_siblings_is_found_in_any_crate(self) -> None:
        self.write({
            "main.rs": "mod a;\nmod b;\nmod c;\n",
            "a.rs": "use crate::b;\n", "b.rs": "use crate::c::f;\n", "c.rs": "use super::a::g;\n",
            "d.rs": "use crate::a;\n",
        }, crate="functions/deliver")  # fmt: skip
        self.assertEqual(self.findings(), [
            "functions/deliver/src/a.rs:1: `a` and `b` depend on each other",
            "functions/deliver/src/b.rs:1: `b` and `c` depend on each other",
            "functions/deliver/src/c.rs:1: `c` and `a` depend on each other",
        ])  # fmt: skip

    def test_children_count_for_their_sibling_modules(self) -> None:
        self.write({
            "a/x.rs": "use crate::b::y::Y;\n", "a.rs": "", "b/y.rs": "use crate::a::X;\n", "b.rs": "",
        }, crate="bench")  # fmt: skip
        self.assertEqual(len(self.findings()), 2)

    def test_a_module_and_its_child_form_no_cycle(self) -> None:
        self.write({"a.rs": "use crate::a::x::X;\n", "a/x.rs": "use super::A;\n"}, crate="openapi")
        self.assertEqual(self.findings(), [])


class LeftOut(Crates):
    def test_tests_may_import_anything(self) -> None:
        self.write({
            "aws.rs": "",
            "domain/tests.rs": "use crate::aws::Table;\n",
            "domain/report_tests.rs": "use crate::aws::Table;\n",
            "testing/table.rs": "use crate::aws::Table;\nuse crate::domain;\n",
            "domain.rs": """
                #[cfg(test)]
                use crate::aws::Table;
                #[cfg(feature = "testing")]
                pub use crate::aws::Queue;

                #[cfg(test)]
                mod tests {
                    use crate::aws::Table;
                }
            """,
        })  # fmt: skip
        self.assertEqual(self.findings(), [])

    def test_comments_strings_and_characters_are_no_code(self) -> None:
        self.write({
            "aws.rs": "",
            "domain.rs": '''
                // crate::aws::Table
                /* crate::aws::Table
                   crate::aws::Table */
                const A: &str = "crate::aws::Table \\" crate::aws::Table";
                const B: &str = r"crate::aws::Table\\";
                const C: &str = r#"crate::aws::"Table""#;
                const D: char = \'"\';
            ''',
        })  # fmt: skip
        self.assertEqual(self.findings(), [])

    def test_code_after_a_quote_character_is_code(self) -> None:
        self.write({"aws.rs": "", "domain.rs": 'const A: char = \'"\';\nuse crate::aws::Table;\nconst B: &str = "";\n'})
        self.assertEqual(self.findings(), ["shared/src/domain.rs:2: `domain` must not import `aws`"])


if __name__ == "__main__":
    unittest.main()
