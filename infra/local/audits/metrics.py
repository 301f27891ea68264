"""Lines of metrics are in CloudWatch's embedded metric format, an invocation writes one at most, and every function writes some."""

import json
from collections import Counter
from pathlib import Path

import jsonschema

from local.audits.lines import Line, read_lines
from local.functions import FUNCTIONS
from local.say import say
from local.settings import Settings

SCHEMA = Path(__file__).with_name("emf.schema.json")
# What only lines of metrics hold, and each of them.
MARK = '"CloudWatchMetrics"'
COLD_START = "ColdStart"


def audit_metrics(settings: Settings) -> list[str]:
    """What is wrong, a sentence each."""
    lines = [line for line in read_lines(settings) if line.is_of_a_function]
    found = complaints(lines)
    say(f"• metrics audit: {sum(MARK in line.text for line in lines)} lines of metrics, {len(found)} complaints")
    return found


def complaints(lines: list[Line]) -> list[str]:
    metrics = [line for line in lines if MARK in line.text]
    found = [f"metrics audit: {line.source}: {fault}" for line in metrics for fault in faults(line.text)]
    for (source, invocation), count in Counter((line.source, line.invocation) for line in metrics).items():
        if count > 1:
            found.append(f"metrics audit: {source}: the invocation {invocation} wrote {count} lines of metrics")
    started = {line.source for line in metrics if f'"{COLD_START}"' in line.text}
    silent = sorted({*FUNCTIONS} - started)
    return found + [f"metrics audit: {function}: no line counts a {COLD_START}" for function in silent]


def faults(text: str) -> list[str]:
    """What CloudWatch would not take of a line."""
    try:
        line = json.loads(text)
        jsonschema.validate(line, json.loads(SCHEMA.read_text()))
    except (ValueError, jsonschema.ValidationError) as error:
        return [f"a line is not in embedded metric format: {str(error).splitlines()[0]}"]
    found = set()
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for name in (name for dimensions in directive["Dimensions"] for name in dimensions):
            if not isinstance(line.get(name), str):
                found.add(f"the dimension {name} has no value")
        for name in (metric["Name"] for metric in directive["Metrics"]):
            if not isinstance(line.get(name), (int, float, list)):
                found.add(f"the metric {name} has no value")
    return sorted(found)
