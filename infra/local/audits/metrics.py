"""Checks metric lines.

They are in CloudWatch's embedded metric format, each invocation writes one at most, and each function writes some.
"""

import json
from collections import Counter
from pathlib import Path

import jsonschema

from local.audits.lines import Line, function_lines, invocations
from local.aws import session
from local.functions import FUNCTIONS
from local.say import say
from local.settings import Settings

SCHEMA = json.loads(Path(__file__).with_name("emf.schema.json").read_text())
# Made once: it takes longer than validating a line.
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
# A text that each metric line holds, and no other line.
MARK = '"CloudWatchMetrics"'
COLD_START = "ColdStart"


def audit_metrics(settings: Settings) -> list[str]:
    """Returns the findings, a sentence each."""
    logs = session(settings).client("logs", endpoint_url=settings.endpoint)
    lines = function_lines(logs)
    found = findings(lines, invocations(logs))
    say(f"• metrics audit: {sum(MARK in line.text for line in lines)} metric lines, {len(found)} findings")
    return found


def findings(lines: list[Line], invoked: Counter[str]) -> list[str]:
    metrics = [line for line in lines if MARK in line.text]
    found = [f"metrics audit: {line.source}: {fault}" for line in metrics for fault in faults_of(line.text)]
    # By their sum: MiniStack assigns a line that it reads late to the next invocation.
    for source, count in Counter(line.source for line in metrics).items():
        if count > invoked[source]:
            found.append(f"metrics audit: {source}: {invoked[source]} invocations wrote {count} metric lines")
    started = {line.source for line in metrics if f'"{COLD_START}"' in line.text}
    silent = sorted({*FUNCTIONS} - started)
    return found + [f"metrics audit: {function}: no line counts a {COLD_START}" for function in silent]


def faults_of(text: str) -> list[str]:
    """The faults of a line, for which CloudWatch would drop metrics."""
    try:
        line = json.loads(text)
    except ValueError as error:
        return [f"a line is not JSON: {error}"]
    if fault := jsonschema.exceptions.best_match(VALIDATOR.iter_errors(line)):
        return [f"a line is not in embedded metric format: {fault.message}"]
    found = set()
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for name in (name for dimensions in directive["Dimensions"] for name in dimensions):
            if not isinstance(line.get(name), str):
                found.add(f"the dimension {name} has no value")
        for name in (metric["Name"] for metric in directive["Metrics"]):
            if not isinstance(line.get(name), (int, float, list)):
                found.add(f"the metric {name} has no value")
    return sorted(found)
