"""Runs shellcheck over scripts, the recipes of the Makefile and the shell blocks of the docs.

    python -m checks.shell <shellcheck>

`make --dry-run` shows each recipe with its variables expanded. make runs each logical line of a recipe in a shell of
its own, so each line is a script here.

The docs' shell stands in indented blocks that begin with a command (or in fences marked `sh`). A block is for a terminal in which
earlier blocks ran, and its variables hold no spaces: EXCEPTED rules are off for blocks, and no rule for anything else.
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
# Lines after an empty one, each at least as far indented as the first.
INDENTED = re.compile(r"(?<=\n\n)( {4,})(?! )(.*\n(?:\1.*\n)*)")
COMMAND = re.compile(
    r"(?:apt|aws|cargo|cd|curl|debootstrap|dockerd|eval|export|for|kill|make|npm|python3|sh|\$RIE)\s"
    r"|[A-Za-z_]+=|[a-z_]+\(\) \{"
)
# No quotes around a variable; variables of which another block has the other use; `export A=$(…)`.
EXCEPTED = "SC2086,SC2034,SC2154,SC2155"
# Messages of make among the recipes.
SAID_BY_MAKE = re.compile(r"make(\[\d+\])?: ")


class Script(NamedTuple):
    label: str
    text: str


def scripts_of(files: Iterable[Path]) -> list[Script]:
    """The files that begin with `#!` and a shell."""
    found = []
    for file in files:
        with file.open("rb") as opened:
            first = opened.readline(200).decode(errors="replace")
        if SHEBANG.match(first):
            found.append(Script(str(file), file.read_text()))
    return found


def recipes_of(dry_run: str) -> list[Script]:
    """Each logical line that make would run, once."""
    lines = [line for line in re.split(r"(?<!\\)\n", dry_run) if line and not SAID_BY_MAKE.match(line)]
    return [Script(f"Makefile, `{line.splitlines()[0][:60]}`", f"#!/bin/sh\n{line}\n") for line in dict.fromkeys(lines)]


def blocks_of(name: str, markdown: str) -> list[Script]:
    """The code blocks of a page that are shell."""
    found = [(block.start(), block[2]) for block in FENCED.finditer(markdown)]
    # As long as before, so that places stay.
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
    """Shellcheck's findings for all scripts, with the scripts' labels in place of file names."""
    with tempfile.TemporaryDirectory() as folder:
        labels = {}
        for number, script in enumerate(scripts):
            path = Path(folder) / f"{number}.sh"
            path.write_text(script.text)
            labels[str(path)] = script.label
        said = subprocess.run(
            [shellcheck, "--norc", "--format=gcc", *options, *labels], capture_output=True, text=True, check=False
        )
    if said.returncode > 1 or said.stderr:
        raise SystemExit(f"callhook: shellcheck failed with {said.returncode}: {said.stderr}")
    lines = []
    for line in said.stdout.splitlines():
        file, _, rest = line.partition(":")
        lines.append(f"{labels[file]}:{rest}")
    return lines


def dry_run() -> str:
    """All recipes, as make expands them."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    if not phony:
        raise SystemExit("callhook: the Makefile has no .PHONY: shellcheck looks at no recipe.")
    # `make lint-shell` hands its own options on by the environment.
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
        raise SystemExit("callhook: there are no scripts, no recipes or no blocks: shellcheck looks at nothing.")
    found = findings(shellcheck, scripts + recipes) + findings(shellcheck, blocks, f"--exclude={EXCEPTED}")
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
