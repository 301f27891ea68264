"""Writes the bill of materials of each function to target/sbom/ (`make sbom`), and checks that it is complete.

cargo-cyclonedx writes a bill (CycloneDX 1.5, JSON) for each member of the workspace, beside its Cargo.toml. It includes
the packages of tests, which this removes. Each bill must list all packages that cargo links into the function. The bill
of `console` also lists the npm packages of its pages, by functions/console/dist/third-party.json.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "target" / "sbom"
TARGETS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}
NAME = "callhook-sbom"
THIRD_PARTY = ROOT / "functions" / "console" / "dist" / "third-party.json"
# The algorithms of `integrity`, as CycloneDX writes them.
HASHES = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
Package = tuple[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description="Write and check the bills of materials of the functions.")
    parser.add_argument("tool", type=Path, help="the program cargo-cyclonedx")
    parser.add_argument("--arch", choices=TARGETS, default="arm64", help="processor that the functions are built for")
    parser.add_argument("functions", nargs="+")
    arguments = parser.parse_args()
    target = TARGETS[arguments.arch]
    linked = packages_of_roots(cargo_tree(arguments.functions, target, "normal"))
    needed = packages_of_roots(cargo_tree(arguments.functions, target, "normal,build"))
    make_bills(arguments.tool, target)
    for function in arguments.functions:
        bundled = json.loads(THIRD_PARTY.read_text()) if function == "console" else []
        write_bill(function, needed[f"callhook-{function}"], bundled)
    remove_intermediate_files()
    missing = [
        f"{file.relative_to(ROOT)} lacks {name} {version}"
        for file, function in ((bill(function), function) for function in arguments.functions)
        for name, version in sorted(linked[f"callhook-{function}"] - listed_packages(json.loads(file.read_text())))
    ]
    for problem in missing:
        print(f"callhook: {problem}", file=sys.stderr)
    if not missing:
        print(f"• {OUTPUT.relative_to(ROOT)}/ lists all packages of {len(linked)} functions for {target}.")
    return 1 if missing else 0


def bill(function: str) -> Path:
    return OUTPUT / f"{function}.cdx.json"


def make_bills(tool: Path, target: str) -> None:
    command = [
        str(tool), "cyclonedx", "--format", "json", "--spec-version", "1.5", "--all",
        "--target", target, "--override-filename", NAME, "--quiet", "--quiet",
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)


def write_bill(function: str, needed: set[Package], bundled: list[dict[str, Any]]) -> None:
    made = (ROOT / "functions" / function / f"{NAME}.json").read_text()
    # Without the path of this folder, which would make builds differ.
    document = json.loads(made.replace(f"{ROOT}/", "").replace(str(ROOT), "."))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    document = with_npm_packages(only_packages(document, needed), bundled)
    bill(function).write_text(json.dumps(document, indent=2) + "\n")


def only_packages(document: dict[str, Any], needed: set[Package]) -> dict[str, Any]:
    """The bill with the function itself and the packages `needed` only."""
    components = [c for c in document["components"] if (c["name"], c["version"]) in needed]
    refs = {component["bom-ref"] for component in (document["metadata"]["component"], *components)}
    dependencies = [
        {**dependency, "dependsOn": [ref for ref in dependency.get("dependsOn", []) if ref in refs]}
        for dependency in document["dependencies"]
        if dependency["ref"] in refs
    ]
    return {**document, "components": components, "dependencies": dependencies}


def with_npm_packages(document: dict[str, Any], bundled: list[dict[str, Any]]) -> dict[str, Any]:
    """The bill with the npm packages of a bundle, as dependencies of the function."""
    if not bundled:
        return document
    components = [npm_component(package) for package in bundled]
    refs = [component["bom-ref"] for component in components]
    function = document["metadata"]["component"]["bom-ref"]
    dependencies = [
        {**dependency, "dependsOn": [*dependency.get("dependsOn", []), *refs]}
        if dependency["ref"] == function
        else dependency
        for dependency in document["dependencies"]
    ]
    return {
        **document,
        "components": [*document["components"], *components],
        "dependencies": [*dependencies, *({"ref": ref, "dependsOn": []} for ref in refs)],
    }


def npm_component(package: dict[str, Any]) -> dict[str, Any]:
    """A package of third-party.json; `integrity` is the hash of its archive, as package-lock.json has it."""
    name, version = package["name"], package["version"]
    purl = f"pkg:npm/{quote(name)}@{quote(version)}"
    algorithm, _, digest = package["integrity"].partition("-")
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [{"expression": package["licence"]}],
        "hashes": [{"alg": HASHES[algorithm], "content": base64.b64decode(digest).hex()}],
    }


def remove_intermediate_files() -> None:
    for file in (*ROOT.glob(f"*/{NAME}.json"), *ROOT.glob(f"functions/*/{NAME}.json")):
        file.unlink()


def cargo_tree(functions: list[str], target: str, edges: str) -> str:
    """The dependency trees of all functions. One call for all, as in the build: they share the features of packages."""
    command = [
        os.environ.get("CARGO", "cargo"), "tree", "--locked", "--edges", edges, "--target", target,
        "--prefix", "none", "--no-dedupe", "--format", "{p}",
        *(word for function in functions for word in ("--package", f"callhook-{function}")),
    ]  # fmt: skip
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def packages_of_roots(tree: str) -> dict[str, set[Package]]:
    """The packages of each root of a tree; each root is first, or follows an empty line."""
    packages = {}
    for part in tree.strip().split("\n\n"):
        root, *rest = (_package(line) for line in part.splitlines())
        packages[root[0]] = set(rest)
    return packages


def _package(line: str) -> Package:
    """Parses a line such as `serde_derive v1.0.228 (proc-macro)`."""
    name, version = line.split()[:2]
    return name, version.removeprefix("v")


def listed_packages(document: dict[str, Any]) -> set[Package]:
    return {(component["name"], component["version"]) for component in document["components"]}


if __name__ == "__main__":
    sys.exit(main())
