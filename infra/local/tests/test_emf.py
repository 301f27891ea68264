import json
import unittest
from collections import Counter
from collections.abc import Callable
from typing import Any

from local.audits.lines import Line
from local.audits.metrics import faults_of, findings
from local.functions import FUNCTIONS
from local.settings import ROOT

# A metric line of a function; a test of the functions writes the same.
LINE = (ROOT / "shared/tests/emf_line.json").read_text()


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    line = json.loads(LINE)
    change(line)
    return json.dumps(line)


def directive(line: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = line["_aws"]["CloudWatchMetrics"][0]
    return first


class Format(unittest.TestCase):
    def test_a_line_of_the_functions_is_in_embedded_metric_format(self) -> None:
        self.assertEqual(faults_of(LINE), [])

    def test_lines_that_cloudwatch_drops_are_found(self) -> None:
        for change, fault in (
            (lambda line: line["_aws"].pop("Timestamp"), "'Timestamp' is a required property"),
            (lambda line: line["_aws"].update(Timestamp="now"), "is not of type 'integer'"),
            (lambda line: line["_aws"].update(Timestamp=1764205483), "less than the minimum"),
            (lambda line: line["_aws"].update(CloudWatchMetrics=[]), "should be non-empty"),
            (lambda line: directive(line).pop("Namespace"), "'Namespace' is a required property"),
            (lambda line: directive(line).update(Dimensions=["service"]), "is not of type 'array'"),
            (lambda line: directive(line)["Metrics"][0].update(Unit="Pieces"), "'Pieces' is not one of"),
            (lambda line: line.update(AttemptLatency=[1] * 101), "is too long"),
            (lambda line: line.update(AttemptLatency={"p50": 1}), "is not valid under any"),
            (lambda line: line.pop("AttemptLatency"), "the metric AttemptLatency has no value"),
            (lambda line: line.update(AttemptLatency="12"), "the metric AttemptLatency has no value"),
            (lambda line: line.pop("service"), "the dimension service has no value"),
            (lambda line: line.update(service=7), "the dimension service has no value"),
        ):
            with self.subTest(fault):
                self.assertIn(fault, " ".join(faults_of(changed(change))))
        self.assertTrue(faults_of(f"INFO {LINE}"))


class Audit(unittest.TestCase):
    def setUp(self) -> None:
        self.lines = [Line(function, LINE) for function in FUNCTIONS]
        self.invoked = Counter(FUNCTIONS)

    def test_one_line_for_each_invocation_passes(self) -> None:
        self.invoked["deliver"] += 2
        others = [Line("deliver", '{"level":"INFO"}'), Line("deliver", LINE)]
        self.assertEqual(findings(self.lines + others, self.invoked), [])

    def test_more_lines_than_invocations_are_found(self) -> None:
        [found] = findings([*self.lines, Line("deliver", LINE)], self.invoked)
        self.assertEqual(found, "metrics audit: deliver: 1 invocations wrote 2 metric lines")

    def test_a_function_without_metrics_is_found(self) -> None:
        [found] = findings([line for line in self.lines if line.source != "console"], self.invoked)
        self.assertEqual(found, "metrics audit: console: no line counts a ColdStart")

    def test_an_invalid_line_is_found_with_its_function(self) -> None:
        self.invoked["ingest"] += 1
        [found] = findings([*self.lines, Line("ingest", changed(lambda line: line.pop("service")))], self.invoked)
        self.assertEqual(found, "metrics audit: ingest: the dimension service has no value")
