"""Checks that no log line holds a secret, key or phone number that the command used.

The command writes each value that it uses to the file that CALLHOOK_SENSITIVE_FILE names, a line of JSON each:
{"kind": "phone number", "value": "918867130000"}. Findings name the kind and the function, never the value.
"""

import base64
import json
import urllib.parse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from local.audits.lines import Line, read_lines
from local.say import say
from local.settings import Settings

VARIABLE = "CALLHOOK_SENSITIVE_FILE"
# Shorter values are in some line by chance, such as a number of seconds or a word.
MIN_LENGTH = 7
# Functions that log in each run of the end-to-end tests. Without a line of them the audit has read no logs.
ALWAYS_LOGGING = ("deliver",)
Leak = tuple[str, str, str]
"""Source, kind of the value, and form."""
ByPrefix = dict[str, set[tuple[str, str, str]]]
"""Forms of values by their first characters: text, kind and form."""


def audit_leaks(settings: Settings) -> list[str]:
    """Returns the findings, a sentence each."""
    values, lines = read_values(settings.sensitive_file), read_lines(settings)
    found = findings(values, lines)
    say(f"• log audit: {len(values)} values, {len(lines)} lines, {len(found)} leaks")
    return found


def findings(values: dict[str, str], lines: list[Line]) -> list[str]:
    if not values:
        return [f"log audit: the tests wrote no value to the file that {VARIABLE} names"]
    seen = {line.source for line in lines}
    unseen = [source for source in ALWAYS_LOGGING if source not in seen]
    if unseen:
        return [f"log audit: no line of {', '.join(unseen)} was found, so the logs were not read"]
    leaks = sorted(find_leaks(values, lines).items())
    return [f"log audit: {source}: a {kind} {form}, lines: {count}" for (source, kind, form), count in leaks]


def read_values(file: Path) -> dict[str, str]:
    """Reads the values, each with its kind."""
    if not file.exists():
        return {}
    notes = (json.loads(line) for line in file.read_text().splitlines())
    return {note["value"]: note["kind"] for note in notes if len(note["value"]) >= MIN_LENGTH}


def find_leaks(values: dict[str, str], lines: list[Line]) -> Counter[Leak]:
    """Counts the lines with a value, by source, kind and form."""
    by_prefix: ByPrefix = defaultdict(set)
    for value, kind in values.items():
        # Several forms may be the same text: keep the first.
        forms = {text: form for form, text in reversed([*forms_of(value)])}
        for text, form in forms.items():
            by_prefix[text[:MIN_LENGTH]].add((text, kind, form))
    found = Counter[Leak]()
    for line in lines:
        found.update({(line.source, kind, form) for kind, form in _leaks_in(line.text, by_prefix)})
    return found


def _leaks_in(text: str, by_prefix: ByPrefix) -> Iterator[tuple[str, str]]:
    """Looks up each position of the text, which is faster than searching for thousands of values."""
    for start in range(len(text) - MIN_LENGTH + 1):
        for value, kind, form in by_prefix.get(text[start : start + MIN_LENGTH], ()):
            if text.startswith(value, start):
                yield kind, form


def forms_of(value: str) -> Iterator[tuple[str, str]]:
    """The forms of a value: plain, percent-encoded, in base64 at any offset, escaped for JSON."""
    yield "in plain text", value
    yield "percent-encoded", urllib.parse.quote(value, safe="")
    yield "percent-encoded", urllib.parse.quote_plus(value)
    for part in _in_base64(value.encode()):
        yield "in base64", part
    for escaped in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield "escaped for JSON", escaped
        # A JSON text within a line of JSON.
        yield "escaped for JSON", json.dumps(escaped)[1:-1]


def _in_base64(value: bytes) -> Iterator[str]:
    """The forms of a value within a longer text in base64.

    Three bytes become four characters, so a value has three forms. They lack characters that depend on other bytes.
    """
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + value).rstrip(b"=")
        shared = {0: 0, 1: 2, 2: 3}[before]
        whole = (before + len(value)) * 8 // 6
        part = encoded[shared:whole].decode()
        if len(part) >= MIN_LENGTH:
            yield part
            yield part.replace("+", "-").replace("/", "_")
