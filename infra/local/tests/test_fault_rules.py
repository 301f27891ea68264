import unittest
from typing import Any

from local.faults.rules import Call, Rule, first_applying, read_rules

CALL = Call("deliver", "dynamodb", "BatchWriteItem", '{"RequestItems": {"callhook-Deliveries": []}}')


def rules(*some: dict[str, Any]) -> list[Rule]:
    return read_rules({"rules": [{"name": "a", "action": "fail", **rule} for rule in some]})


class Matching(unittest.TestCase):
    def matches(self, **conditions: str) -> bool:
        return first_applying(rules(conditions), CALL) is not None

    def test_a_rule_without_conditions_matches_each_call(self) -> None:
        self.assertTrue(self.matches())

    def test_a_rule_matches_if_all_conditions_match(self) -> None:
        holding = {"operation": "BatchWriteItem", "service": "dynamodb", "function": "deliver", "contains": "Deliv"}
        self.assertTrue(self.matches(**holding))
        for other in ({"operation": "Query"}, {"service": "sqs"}, {"contains": "Config"}, {"function": "ingest"}):
            self.assertFalse(self.matches(**{**holding, **other}), other)


class Frequency(unittest.TestCase):
    def faulty_calls(self, count: int, **rule: float) -> list[int]:
        """The numbers of the calls that get a fault."""
        some = rules(rule)
        return [n for n in range(count) if first_applying(some, CALL)]

    def test_a_rule_applies_to_each_call_by_default(self) -> None:
        self.assertEqual(self.faulty_calls(3), [0, 1, 2])

    def test_times_limits_the_calls(self) -> None:
        self.assertEqual(self.faulty_calls(5, times=2), [0, 1])

    def test_skip_lets_calls_pass_first(self) -> None:
        self.assertEqual(self.faulty_calls(5, skip=2, times=1), [2])

    def test_probability_selects_the_same_calls_with_the_same_seed(self) -> None:
        faulty_calls = self.faulty_calls(1000, probability=0.3, seed=7)
        self.assertAlmostEqual(len(faulty_calls), 300, delta=60)
        self.assertEqual(faulty_calls, self.faulty_calls(1000, probability=0.3, seed=7))
        self.assertNotEqual(faulty_calls, self.faulty_calls(1000, probability=0.3, seed=8))

    def test_matched_and_applied_calls_are_counted(self) -> None:
        some = rules({"name": "a", "skip": 1, "times": 1}, {"name": "b"})
        self.assertEqual([rule.name for _ in range(3) if (rule := first_applying(some, CALL))], ["b", "a", "b"])
        self.assertEqual([(rule.matched, rule.applied) for rule in some], [(3, 1), (2, 2)])
        self.assertEqual(some[1].to_json()["matched"], 2)


class InvalidRules(unittest.TestCase):
    def test_invalid_rules_are_refused(self) -> None:
        for document in (
            None,
            {},
            {"rules": ["a"]},
            {"rules": [{"action": "fail"}]},
            {"rules": [{"name": "a", "action": "explode"}]},
            {"rules": [{"name": "a", "action": "fail", "operatoin": "Query"}]},
            {"rules": [{"name": "a", "action": "fail", "matched": 3}]},
            {"rules": [{"name": "a", "action": "delay"}]},
            {"rules": [{"name": "a", "action": "delay", "seconds": "2"}]},
            {"rules": [{"name": "a", "action": "hang", "seconds": 2}]},
        ):
            with self.assertRaises(ValueError, msg=document):
                read_rules(document)
