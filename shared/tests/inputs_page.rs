//! Checks that the tests named in `docs/inputs.md` exist.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Folders with tests in Rust or Python.
const FOLDERS: [&str; 5] = ["functions", "shared", "openapi", "tests", "infra/local/tests"];

/// Collects the names of all functions in `folder`.
fn collect_functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_functions(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "py") {
            let source = fs::read_to_string(&path).unwrap();
            let definitions = source.split("fn ").chain(source.split("def ")).skip(1);
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            names
                .extend(definitions.map(|rest| rest.chars().take_while(|c| is_name(*c)).collect()));
        }
    }
}

#[test]
fn each_test_named_in_the_inputs_page_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut functions = BTreeSet::new();
    for folder in FOLDERS {
        collect_functions(&root.join(folder), &mut functions);
    }
    let page = fs::read_to_string(root.join("docs/inputs.md")).unwrap();
    // The last cell of a row has the tests; names with a dot are files or figures.
    let cells = page.lines().filter_map(|line| line.strip_suffix(" |")?.rsplit("| ").next());
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let names: Vec<_> =
        names.filter(|name| name.contains('_') && !name.contains(['.', ' '])).collect();
    assert!(names.len() > 50, "the page names few tests: {names:?}");
    let missing: Vec<_> = names.iter().filter(|name| !functions.contains(**name)).collect();
    assert!(missing.is_empty(), "docs/inputs.md names tests that do not exist: {missing:?}");
}
