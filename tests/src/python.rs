//! Python programs of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// The command for a program of the repository and its arguments, for instance `infra/dead_letters.py`.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(root().join(".venv/bin/python"));
    command.current_dir(root()).args(arguments);
    command
}

/// Runs a program, which must succeed; returns its output.
pub fn python(arguments: &[&str]) -> String {
    let output = command(arguments).output().expect("python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a text")
}
