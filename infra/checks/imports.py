"""Checks the direction of imports between the modules of the Rust crates.

There are two rules:

- The groups of `shared/src` import each other only as `LAYERS` allows, and the inner ones import no AWS, Lambda or HTTP
  framework (`INNER`, `FRAMEWORKS`).
- Sibling modules of any crate form no cycle: each can be read without those that use it.

Tests are left out. `python -m checks.imports` prints a line for each import that breaks a rule.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LAYERS: dict[str, set[str]] = {
    "input": set(),
    "domain": {"input"},
    "ports": {"domain", "input"},
    "runtime": {"ports", "domain", "input"},
    "outbound": {"runtime", "ports", "domain", "input"},
    "aws": {"runtime", "ports", "domain", "input"},
    "http_api": {"runtime", "ports", "domain", "input"},
}
"""The groups that each group of `shared/src` may import, besides itself."""

INNER = {"input", "domain", "ports"}
"""The groups that import neither AWS, Lambda nor an HTTP framework."""

FRAMEWORKS = re.compile(r"\b(aws_\w+|lambda_\w+|axum|hyper\w*|reqwest|tower)::")

TEST_MODULES = re.compile(r"(^|_)(tests|testing)$")

BLANK = re.compile(
    r"//[^\n]*|/\*(?:.|\n)*?\*/"
    r"|'(?:\\.|[^'\\\n])'"
    r'|r#"(?:.|\n)*?"#|\br"[^"]*"|"(?:\\.|[^"\\])*"'
    r'|#\[cfg\((?:test|feature = "testing")\)\]\s*(?:pub )?(?:use|mod)[^;]*;'
)
"""Comments, characters, strings, and imports of tests."""

Module = tuple[str, ...]


@dataclass(frozen=True)
class Import:
    """A path in a file to another module of its crate."""

    file: Path
    line: int
    source: Module
    target: Module


def main() -> int:
    crates = [
        ROOT / "shared",
        ROOT / "bench",
        ROOT / "openapi",
        ROOT / "tests",
        *sorted((ROOT / "functions").iterdir()),
    ]
    findings: list[str] = []
    modules = 0
    for crate in (crate / "src" for crate in crates):
        known = {module_of(crate, file) for file in rust_files(crate)}
        modules += len(known)
        imports = [found for file in rust_files(crate) for found in imports_of(crate, file, known)]
        if crate.parent.name == "shared":
            findings += wrong_layers(imports) + frameworks(crate)
        findings += cycles(imports)
    for finding in findings:
        print(finding, file=sys.stderr)
    if not findings:
        print(f"{modules} modules: imports follow the layers, 0 cycles.")
    return 1 if findings else 0


def rust_files(crate: Path) -> list[Path]:
    """The source files of a crate, without tests."""
    return [file for file in sorted(crate.rglob("*.rs")) if not any(map(TEST_MODULES.search, module_of(crate, file)))]


def module_of(crate: Path, file: Path) -> Module:
    """The path of a file's module; `()` for the crate's root."""
    parts = file.relative_to(crate).with_suffix("").parts
    return parts[:-1] if parts[-1] in {"mod", "lib", "main"} else parts


def imports_of(crate: Path, file: Path, known: set[Module]) -> Iterator[Import]:
    """The imports of a file from the `known` modules of its crate."""
    source = module_of(crate, file)
    code = code_of(file)
    for use in re.finditer(r"\b(?:use\s+)?((?:crate|super|self)(?:::(?:\w+|\{[^;]*\}))+)", code):
        line = code.count("\n", 0, use.start()) + 1
        for path in expanded(re.sub(r"\s+", " ", use[1])):
            target = absolute(source, path)
            while target and target not in known:
                target = target[:-1]
            if target and target != source:
                yield Import(file, line, source, target)


def code_of(file: Path) -> str:
    """The code without comments, strings and unit tests, with the same line numbers."""
    code = file.read_text()
    tests = re.search(r"#\[cfg\(test\)\]\s*(pub(\([^)]*\))? )?mod \w+ \{", code)
    code = code[: tests.start()] if tests else code
    return BLANK.sub(lambda found: "\n" * found[0].count("\n"), code)


def expanded(path: str) -> list[str]:
    """`a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`."""
    group = re.fullmatch(r"((?:\w+::)*)\{(.*)\}", path.strip())
    if not group:
        return [re.sub(r" as \w+$", "", path.strip())]
    prefix, body = group.groups()
    items, depth = [""], 0
    for character in body:
        depth += (character == "{") - (character == "}")
        if character == "," and depth == 0:
            items.append("")
        else:
            items[-1] += character
    return [prefix + path for item in items if item.strip() for path in expanded(item)]


def absolute(source: Module, path: str) -> Module:
    """The module that a path means in `source`."""
    parts = path.split("::")
    start = {"crate": (), "self": source}.get(parts[0], source[:-1])
    while parts[1:2] == ["super"]:
        start, parts = start[:-1], parts[1:]
    return (*start, *parts[1:])


def wrong_layers(imports: Iterable[Import]) -> list[str]:
    return [
        f"{location(found)}: `{found.source[0]}` must not import `{found.target[0]}`"
        for found in imports
        if found.source
        and found.source[0] in LAYERS
        and found.target[0] != found.source[0]
        and found.target[0] not in LAYERS[found.source[0]]
    ]


def frameworks(crate: Path) -> list[str]:
    findings = []
    for file in rust_files(crate):
        group, *_ = (*module_of(crate, file), "")
        if group in INNER:
            for found in FRAMEWORKS.finditer(code := code_of(file)):
                line = code.count("\n", 0, found.start()) + 1
                findings.append(f"{file.relative_to(ROOT)}:{line}: `{group}` must not import {found[1]}")
    return findings


def cycles(imports: Sequence[Import]) -> list[str]:
    """The imports between sibling modules that are part of a cycle."""
    edges: dict[Module, dict[Module, Import]] = {}
    for found in imports:
        parent = common(found.source, found.target)
        source, target = (module[: len(parent) + 1] for module in (found.source, found.target))
        if source != parent and target != parent:
            edges.setdefault(source, {}).setdefault(target, found)
    return [
        f"{location(found)}: `{'::'.join(source)}` and `{'::'.join(target)}` depend on each other"
        for source, targets in edges.items()
        for target, found in targets.items()
        if reaches(edges, target, source)
    ]


def common(one: Module, other: Module) -> Module:
    """The closest module that contains both."""
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


def reaches(edges: Mapping[Module, Mapping[Module, Import]], start: Module, end: Module) -> bool:
    seen, pending = set[Module](), [start]
    while pending:
        module = pending.pop()
        if module == end:
            return True
        if module not in seen:
            seen.add(module)
            pending += edges.get(module, {})
    return False


def location(found: Import) -> str:
    return f"{found.file.relative_to(ROOT)}:{found.line}"


if __name__ == "__main__":
    sys.exit(main())
