"""Matches of patterns that must match."""

import re


def match_in(found: re.Match[str] | None) -> re.Match[str]:
    """The match; an AssertionError if there is none."""
    if found is None:
        raise AssertionError("the pattern does not match")
    return found
