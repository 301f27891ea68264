"""Runs shellcheck over scripts, the recipes of the Makefile and the shell blocks of the docs.

    python -m checks.shell <shellcheck>

`make --dry-run` prints each recipe with its variables expanded. make runs each logical line of a recipe in its own
shell, so each line is a script here.

Shell in the docs is in indented blocks that begin with a command, or in fences marked `sh`. A block continues earlier
ones of its page, and its variables hold no spaces: blocks are checked without the rules EXCEPTED.
"""

import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
SHEBANG = re.compile(r"#!.*\b(ba|da)?sh\b")
FENCED = re.compile(r"^( *)```(?:sh|bash|shell)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
ANY_FENCE = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
# Lines after an empty one, each indented at least as far as the first.
INDENTED = re.compile(r"(?<=\n\n)( {4,})(?! )(.*\n(?:\1.*\n)*)")
COMMAND = re.compile(
    r"(?:apt|aws|cargo|cd|curl|debootstrap|dockerd|eval|export|for|kill|make|npm|python3|sh|\$RIE)\s"
    r"|[A-Za-z_]+=|[a-z_]+\(\) \{"
)
# Unquoted variables, variables that are set or used in another block, `export A=$(…)`.
EXCEPTED = "SC2086,SC2034,SC2154,SC2155"
# Messages of make among the recipes' lines.
MESSAGE_OF_MAKE = re.compile(r"make(\[\d+\])?: ")


class Script(NamedTuple):
    label: str
    text: str


def scripts_of(files: Iterable[Path]) -> list[Script]:
    """The files whose first line names a shell (`#!`)."""
    found = []
    for file in files:
        with file.open("rb") as opened:
            first = opened.readline(200).decode(errors="replace")
        if SHEBANG.match(first):
            found.append(Script(str(file), file.read_text()))
    return found


def recipes_of(dry_run: str) -> list[Script]:
    """Each logical line that make would run; equal lines once."""
    lines = [line for line in re.split(r"(?<!\\)\n", dry_run) if line and not MESSAGE_OF_MAKE.match(line)]
    return [Script(f"Makefile, `{line.splitlines()[0][:60]}`", f"#!/bin/sh\n{line}\n") for line in dict.fromkeys(lines)]


def blocks_of(name: str, markdown: str) -> list[Script]:
    """The shell blocks of a page."""
    found = [(block.start(), block[2]) for block in FENCED.finditer(markdown)]
    # The same length, so that positions stay.
    unfenced = ANY_FENCE.sub(lambda block: re.sub("[^\n]", "-", block[0]), markdown)
    for block in INDENTED.finditer(unfenced):
        text = textwrap.dedent(block[0])
        if COMMAND.match(text):
            found.append((block.start(), text))
    return [
        Script(f"{name}:{markdown.count(chr(10), 0, start) + 1}", f"#!/bin/bash\n{text}")
        for start, text in sorted(found)
    ]


def findings(shellcheck: str, scripts: list[Script], *options: str) -> list[str]:
    """The findings of shellcheck, with the scripts' labels instead of file names."""
    with tempfile.TemporaryDirectory() as folder:
        labels = {}
        for number, script in enumerate(scripts):
            path = Path(folder) / f"{number}.sh"
            path.write_text(script.text)
            labels[str(path)] = script.label
        result = subprocess.run(
            [shellcheck, "--norc", "--format=gcc", *options, *labels], capture_output=True, text=True, check=False
        )
    if result.returncode > 1 or result.stderr:
        raise SystemExit(f"callhook: shellcheck failed with {result.returncode}: {result.stderr}")
    lines = []
    for line in result.stdout.splitlines():
        file, _, rest = line.partition(":")
        lines.append(f"{labels[file]}:{rest}")
    return lines


def dry_run() -> str:
    """All recipes, expanded by make."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    if not phony:
        raise SystemExit("callhook: the Makefile has no .PHONY, so there are no recipes to check.")
    # Without the options of `make lint-shell` itself, which make passes on in MAKEFLAGS.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--dry-run", "--always-make", "--no-print-directory", *phony[1].split()]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def main(shellcheck: str) -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    scripts = scripts_of(file for file in files if file.is_file())
    recipes = recipes_of(dry_run())
    pages = [file for file in files if file.suffix == ".md"]
    blocks = [block for page in pages for block in blocks_of(str(page.relative_to(ROOT)), page.read_text())]
    if not scripts or not recipes or not blocks:
        raise SystemExit("callhook: there are no scripts, no recipes or no shell blocks to check.")
    found = findings(shellcheck, scripts + recipes) + findings(shellcheck, blocks, f"--exclude={EXCEPTED}")
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
