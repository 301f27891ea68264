"""Checks that programs and tests have the same features of dependencies: `python -m checks.features`.

Otherwise cargo builds the AWS SDK twice: for `cargo run --bin …`, and for tests.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREE = ["cargo", "tree", "--locked", "--workspace", "--prefix=none", "--format={p}|{f}|"]


def main() -> int:
    found = differing(tree("normal,build"), tree("normal,build,dev"))
    for package in found:
        print(f"callhook: with tests, {package} has other features: add them to tests/Cargo.toml.", file=sys.stderr)
    return 1 if found else 0


def tree(edges: str) -> str:
    return subprocess.run([*TREE, "--edges", edges], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def differing(programs: str, tests: str) -> list[str]:
    """The packages of programs, with their versions, that have other features in a build with tests."""
    return sorted({package for package, _ in packages(programs) - packages(tests)})


def packages(tree: str) -> set[tuple[str, str]]:
    """Each package of a tree with its features. A package whose dependencies are left out ends with (*)."""
    return {(package, features) for package, features, _ in (line.split("|") for line in tree.splitlines() if line)}


if __name__ == "__main__":
    sys.exit(main())
