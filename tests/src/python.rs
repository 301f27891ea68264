//! Commands of the repository that are written in Python.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// A program in the repository, for instance `infra/dead_letters.py`, with its arguments.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(root().join(".venv/bin/python"));
    command.current_dir(root()).args(arguments);
    command
}

/// What a program prints that succeeds.
pub fn python(arguments: &[&str]) -> String {
    let output = command(arguments).output().expect("python");
    let (said, failed) = (output.stdout, String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{failed}");
    String::from_utf8(said).expect("a text")
}
