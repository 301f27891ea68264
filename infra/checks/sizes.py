"""Counts the lines of the Rust files: `python -m checks.sizes`.

Fails if a file has more than `MAX_LINES` lines, or the median more than `MAX_MEDIAN`.
"""

import re
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
MAX_MEDIAN = 120
TESTS = re.compile(r"^tests/|(^|/)(tests|testing|properties)(/|\.rs$)|_tests?\.rs$")
UNIT_TESTS = re.compile(r"^#\[cfg\((?:all\()?test\b[^\n]*\)\]\nmod \w+ \{", re.MULTILINE)
TEST_MODULE = re.compile(r"^#\[cfg\((?:all\()?test\b[^\n]*\)\]\nmod \w+;\n", re.MULTILINE)


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "*.rs"], cwd=ROOT, check=True, capture_output=True, text=True)
    files = {name: (ROOT / name).read_text() for name in listed.stdout.split()}
    sizes = {name: text.count("\n") for name, text in files.items()}
    largest = max(sizes, key=lambda name: sizes[name])
    median = statistics.median(sizes.values())
    outside_tests = sum(lines_outside_tests(text) for name, text in files.items() if not TESTS.search(name))
    print(f"{len(sizes)} Rust files: median {median:.0f} lines, at most {sizes[largest]} ({largest}).")
    print(f"{sum(sizes.values()):,} lines, {outside_tests:,} outside tests.")
    too_large = [name for name, lines in sizes.items() if lines > MAX_LINES]
    for name in too_large:
        print(f"{name} has {sizes[name]} lines; split it: at most {MAX_LINES}.", file=sys.stderr)
    if median > MAX_MEDIAN:
        print(f"The median is above {MAX_MEDIAN} lines.", file=sys.stderr)
    return 1 if too_large or median > MAX_MEDIAN else 0


def lines_outside_tests(text: str) -> int:
    tests = UNIT_TESTS.search(text)
    code = text[: tests.start()] if tests else text
    return TEST_MODULE.sub("", code).rstrip().count("\n") + 1


if __name__ == "__main__":
    sys.exit(main())
