"""Replaces parts of MiniStack while it runs. Each replacement is a call of `replace`.

docs/local-cloud.md lists the calls in "What the launcher changes in MiniStack"; test_ministack_patch.py compares that
table with the code.
"""

import importlib.metadata
from collections.abc import Callable
from types import ModuleType
from typing import Any

PAGE = 'docs/local-cloud.md, "What the launcher changes in MiniStack"'


class PatchError(Exception):
    """A part of MiniStack that the launcher replaces or reads is missing, or is of another kind."""

    def __init__(self, module: ModuleType, name: str, fault: str) -> None:
        version = importlib.metadata.version("ministack")
        super().__init__(
            f"MiniStack {version}: `{module.__name__}.{name}` {fault}. Adapt or drop what relies on it: {PAGE}."
        )


def replace(module: ModuleType, name: str, make_replacement: Callable[[Any], object]) -> None:
    """Sets an attribute to what `make_replacement` makes of the original.

    `name` may be a path within the module, such as `Worker.start`. A callable replaces a callable only, and a value
    one of its own type.
    """
    original = existing(module, name)
    replacement = make_replacement(original)
    if callable(replacement) and not callable(original):
        raise PatchError(module, name, f"is not callable but {original!r}")
    if not callable(replacement) and not isinstance(replacement, type(original)):
        raise PatchError(module, name, f"is {type(original).__name__} and not {type(replacement).__name__}")
    path, _, attribute = name.rpartition(".")
    setattr(existing(module, path) if path else module, attribute, replacement)


def existing(module: ModuleType, name: str) -> Any:  # noqa: ANN401 (MiniStack has no types)
    """An attribute of a module of MiniStack, or one within it, as `replace` names them."""
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise PatchError(module, name, "is missing")
        found = getattr(found, part)
    return found
