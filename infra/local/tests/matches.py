"""Matches of patterns that have to match."""

import re


def match_in(found: re.Match[str] | None) -> re.Match[str]:
    """The match; an AssertionError if there is none."""
    if found is None:
        raise AssertionError("nothing matches: the test looks at nothing")
    return found
