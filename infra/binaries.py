"""Checks that the functions' binaries run on Lambda, before `make deploy` deploys them.

AWS accepts a binary for another processor, or one that needs a newer C library than Lambda has, and each invocation of
it fails.
"""

import argparse
import sys
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

ROOT = Path(__file__).resolve().parent.parent
# The folder that CodeUri of the template names.
BINARIES = ROOT / "target" / "lambda"
MACHINES = {"arm64": "EM_AARCH64", "x86_64": "EM_X86_64"}
# The runtime provided.al2023 is Amazon Linux 2023, whose C library is glibc 2.34:
# https://docs.aws.amazon.com/linux/al2023/ug/glibc-gcc-and-binutils.html
GLIBC_ON_LAMBDA = (2, 34)
GLIBC = "GLIBC_"
# A cold start reads the binary.
MAX_MB = 15.0
Version = tuple[int, ...]


def problem(binary: Path, architecture: str) -> str | None:
    """Says in a sentence why the binary does not run on Lambda; None if it does."""
    try:
        with binary.open("rb") as file:
            elf = ELFFile(file)
            machine = elf["e_machine"]
            if machine != MACHINES[architecture]:
                return f"{binary} is for the processor {machine}, not for {architecture} ({MACHINES[architecture]})."
            needed = max(glibc_versions(elf), default=(0,))
    except FileNotFoundError:
        return f"{binary} is missing."
    except ELFError as error:
        return f"{binary} is not a Linux program: {error}."
    if needed > GLIBC_ON_LAMBDA:
        return f"{binary} needs glibc {dotted(needed)}, and Lambda has {dotted(GLIBC_ON_LAMBDA)}."
    return None


def excess(binary: Path) -> str | None:
    """Says in a sentence that a release binary is too large; None if it is not."""
    size = binary.stat().st_size / 1e6 if binary.exists() else 0
    return f"{binary} has {size:.1f} MB, and {MAX_MB:g} are allowed." if size > MAX_MB else None


def glibc_versions(elf: ELFFile) -> set[Version]:
    """The versions of glibc that the dynamic linker needs; none for a statically linked binary."""
    names = {
        auxiliary.name
        for section in elf.iter_sections()
        if isinstance(section, GNUVerNeedSection)
        for _, auxiliaries in section.iter_versions()
        for auxiliary in auxiliaries
    }
    # Names of other libraries and of private interfaces (GLIBC_PRIVATE, GLIBC_ABI_DT_RELR) are left out.
    numbers = [name.removeprefix(GLIBC).split(".") for name in names if name.startswith(GLIBC)]
    return {tuple(map(int, parts)) for parts in numbers if all(part.isdecimal() for part in parts)}


def dotted(version: Version) -> str:
    return ".".join(map(str, version))


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks that the functions' binaries in target/lambda/ run on Lambda.")
    parser.add_argument("--arch", choices=MACHINES, default="arm64", help="processor of the functions (default: arm64)")
    parser.add_argument("functions", nargs="+")
    arguments = parser.parse_args()
    binaries = [BINARIES / function / "bootstrap" for function in arguments.functions]
    problems = [found for binary in binaries if (found := problem(binary, arguments.arch) or excess(binary))]
    for found in problems:
        print(f"callhook: {found}", file=sys.stderr)
    if problems:
        print(f"callhook: build the functions with `make build-aws ARCH={arguments.arch}`.", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
