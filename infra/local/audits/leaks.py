"""No secret, key or phone number that the command used stands in any line of the logs.

The command notes each value that it uses in the file that CALLHOOK_SENSITIVE_FILE names, a line of JSON each:
{"kind": "phone number", "value": "918867130000"}. A leak is told by its kind and its function, never by its value."""

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
# What is shorter stands in some line by chance: a number of seconds, a word.
SHORTEST = 7
# These functions work in every run of the end-to-end tests, and log something in it. An audit that sees no line of them
# would find no leak in them either.
TALKATIVE = ("deliver",)
Leak = tuple[str, str, str]
"""Source, kind of the value, and form."""
Beginnings = dict[str, set[tuple[str, str, str]]]
"""Forms of values by their first characters: text, kind and form."""


def audit_leaks(settings: Settings) -> list[str]:
    """What is wrong, a sentence each."""
    values, lines = noted(settings.sensitive_file), read_lines(settings)
    found = complaints(values, lines)
    say(f"• log audit: {len(values)} values, {len(lines)} lines, {len(found)} leaks")
    return found


def complaints(values: dict[str, str], lines: list[Line]) -> list[str]:
    if not values:
        return [f"log audit: the tests noted no value in the file that {VARIABLE} names"]
    seen = {line.source for line in lines}
    unseen = [source for source in TALKATIVE if source not in seen]
    if unseen:
        return [f"log audit: no line of {', '.join(unseen)} was found, so nothing can be said of the logs"]
    leaks = sorted(find(values, lines).items())
    return [f"log audit: {source}: a {kind} {form}, lines: {count}" for (source, kind, form), count in leaks]


def noted(file: Path) -> dict[str, str]:
    """The values, each with its kind."""
    if not file.exists():
        return {}
    notes = (json.loads(line) for line in file.read_text().splitlines())
    return {note["value"]: note["kind"] for note in notes if len(note["value"]) >= SHORTEST}


def find(values: dict[str, str], lines: list[Line]) -> Counter[Leak]:
    """In how many lines of which source which kind of value stands, in which form."""
    beginnings: Beginnings = defaultdict(set)
    for value, kind in values.items():
        # Many forms of a value are the same text; the first tells them.
        forms = {text: form for form, text in reversed([*forms_of(value)])}
        for text, form in forms.items():
            beginnings[text[:SHORTEST]].add((text, kind, form))
    found = Counter[Leak]()
    for line in lines:
        found.update({(line.source, kind, form) for kind, form in _leaks_in(line.text, beginnings)})
    return found


def _leaks_in(text: str, beginnings: Beginnings) -> Iterator[tuple[str, str]]:
    """There are thousands of values, so each place in the text is looked up, and not each value searched for."""
    for start in range(len(text) - SHORTEST + 1):
        for value, kind, form in beginnings.get(text[start : start + SHORTEST], ()):
            if text.startswith(value, start):
                yield kind, form


def forms_of(value: str) -> Iterator[tuple[str, str]]:
    """A value as it is written: plain, percent-encoded, in base64 (whatever stands before it), escaped for JSON."""
    yield "in plain text", value
    yield "percent-encoded", urllib.parse.quote(value, safe="")
    yield "percent-encoded", urllib.parse.quote_plus(value)
    for part in _in_base64(value.encode()):
        yield "in base64", part
    for escaped in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield "escaped for JSON", escaped
        # A text of JSON within a line of JSON.
        yield "escaped for JSON", json.dumps(escaped)[1:-1]


def _in_base64(value: bytes) -> Iterator[str]:
    """What a value looks like within a longer text in base64: three bytes become four characters, so it may begin at one
    of three places, and the characters that it shares with its neighbours are left out."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + value).rstrip(b"=")
        shared = {0: 0, 1: 2, 2: 3}[before]
        whole = (before + len(value)) * 8 // 6
        part = encoded[shared:whole].decode()
        if len(part) >= SHORTEST:
            yield part
            yield part.replace("+", "-").replace("/", "_")
