"""The functions' packages for `sam deploy`.

Left to itself, sam packs one binary after the other, and as small as it can: most of a deployment to this machine.
"""

import re
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.settings import BINARIES, MONITORING, TEMPLATE, Settings

# Compresses fast, and half of what is possible.
COMPRESSION_LEVEL = 1
# Of every package, so that the same binary makes the same package and an unchanged function is not updated.
PACKED_AT = (1980, 1, 1, 0, 0, 0)
EXECUTABLE = 0o100755 << 16


def packed_template(settings: Settings, functions: tuple[str, ...]) -> Path:
    """Packs the functions; returns a copy of the template that names the packages instead of the folders of the binaries."""
    folder = settings.folder / "packages"
    folder.mkdir(exist_ok=True)
    with ThreadPoolExecutor() as pool:
        # zlib lets other threads go on. The list raises what went wrong.
        list(pool.map(lambda function: _pack(function, folder), functions))
    return template_with_code(folder, rf"{folder}/\g<1>.zip")


def template_with_code(folder: Path, code: str) -> Path:
    """A copy of the template in `folder` that names `code`, in which `\\g<1>` is the function, as each function's code. The
    nested template, which it names by a relative path, is beside it."""
    shutil.copy(MONITORING, folder)
    copy = folder / TEMPLATE.name
    copy.write_text(re.sub(r"(?<=CodeUri: )\.\./target/lambda/(\w+)/$", code, TEMPLATE.read_text(), flags=re.MULTILINE))
    return copy


def _pack(function: str, folder: Path) -> None:
    binary, package = BINARIES / function / "bootstrap", folder / f"{function}.zip"
    if package.exists() and package.stat().st_mtime > binary.stat().st_mtime:
        return
    entry = zipfile.ZipInfo(binary.name, PACKED_AT)
    entry.external_attr = EXECUTABLE
    # Under another name until it is whole: a run may be interrupted.
    unfinished = package.with_suffix(".new")
    with zipfile.ZipFile(unfinished, "w") as file:
        file.writestr(entry, binary.read_bytes(), zipfile.ZIP_DEFLATED, COMPRESSION_LEVEL)
    unfinished.rename(package)
