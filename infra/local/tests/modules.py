"""Modules that stand for those of MiniStack."""

from types import ModuleType


def module(name: str, **attributes: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(attributes)
    return made
