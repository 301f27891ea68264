"""The functions' packages for `sam deploy`.

sam compresses the binaries one by one and as small as possible, which is most of the time of a local deployment.
"""

import re
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.settings import BINARIES, MONITORING, TEMPLATE, Settings

# Fast; half of the possible compression.
COMPRESSION_LEVEL = 1
# Constant, so that the same binary gives the same package and an unchanged function is not updated.
PACKED_AT = (1980, 1, 1, 0, 0, 0)
EXECUTABLE = 0o100755 << 16


def packed_template(settings: Settings, functions: tuple[str, ...]) -> Path:
    """Packs the functions; returns a copy of the template with the packages as code."""
    folder = settings.folder / "packages"
    folder.mkdir(exist_ok=True)
    with ThreadPoolExecutor() as pool:
        # In threads: zlib releases the interpreter's lock. The list raises errors of the threads.
        list(pool.map(lambda function: _pack(function, folder), functions))
    return template_with_code(folder, rf"{folder}/\g<1>.zip")


def template_with_code(folder: Path, code: str) -> Path:
    """A copy of the template in `folder` with `code` as each function's code, in which `\\g<1>` is the function's name.

    The nested template, which the template names by a relative path, is copied as well.
    """
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
    # Under another name until it is complete, as a run may be interrupted.
    unfinished = package.with_suffix(".new")
    with zipfile.ZipFile(unfinished, "w") as file:
        file.writestr(entry, binary.read_bytes(), zipfile.ZIP_DEFLATED, COMPRESSION_LEVEL)
    unfinished.rename(package)
