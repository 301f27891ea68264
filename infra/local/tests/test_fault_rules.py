import unittest
from typing import Any

from local.faults.rules import Call, Rule, first_applying, read_rules

CALL = Call("deliver", "dynamodb", "BatchWriteItem", '{"RequestItems": {"callhook-Deliveries": []}}')


def rules(*some: dict[str, Any]) -> list[Rule]:
    return read_rules({"rules": [{"name": "a", "action": "fail", **rule} for rule in some]})


class Matching(unittest.TestCase):
    def matches(self, **conditions: str) -> bool:
        return first_applying(rules(conditions), CALL) is not None

    def test_a_rule_without_conditions_means_every_call(self) -> None:
        self.assertTrue(self.matches())

    def test_every_condition_has_to_hold(self) -> None:
        holding = {"operation": "BatchWriteItem", "service": "dynamodb", "function": "deliver", "contains": "Deliv"}
        self.assertTrue(self.matches(**holding))
        for other in ({"operation": "Query"}, {"service": "sqs"}, {"contains": "Config"}, {"function": "ingest"}):
            self.assertFalse(self.matches(**{**holding, **other}), other)


class Frequency(unittest.TestCase):
    def faulty_calls(self, count: int, **rule: float) -> list[int]:
        """Which of so many calls go wrong."""
        some = rules(rule)
        return [n for n in range(count) if first_applying(some, CALL)]

    def test_always_unless_told_otherwise(self) -> None:
        self.assertEqual(self.faulty_calls(3), [0, 1, 2])

    def test_some_times(self) -> None:
        self.assertEqual(self.faulty_calls(5, times=2), [0, 1])

    def test_after_some_that_are_let_through(self) -> None:
        self.assertEqual(self.faulty_calls(5, skip=2, times=1), [2])

    def test_by_chance_and_the_same_again_with_the_same_seed(self) -> None:
        faulty_calls = self.faulty_calls(1000, probability=0.3, seed=7)
        self.assertAlmostEqual(len(faulty_calls), 300, delta=60)
        self.assertEqual(faulty_calls, self.faulty_calls(1000, probability=0.3, seed=7))
        self.assertNotEqual(faulty_calls, self.faulty_calls(1000, probability=0.3, seed=8))

    def test_what_is_counted(self) -> None:
        some = rules({"name": "a", "skip": 1, "times": 1}, {"name": "b"})
        self.assertEqual([rule.name for _ in range(3) if (rule := first_applying(some, CALL))], ["b", "a", "b"])
        self.assertEqual([(rule.matched, rule.applied) for rule in some], [(3, 1), (2, 2)])
        self.assertEqual(some[1].to_json()["matched"], 2)


class InvalidRules(unittest.TestCase):
    def test_they_are_refused(self) -> None:
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
