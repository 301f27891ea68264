"""Rules: which calls get a fault, which fault, and how often."""

import random
from dataclasses import asdict, dataclass, field, fields
from typing import Any

ACTIONS = ("throttle", "fail", "hang", "reset", "delay", "kill_before", "kill_after", "fail_after", "repeat")
TIMED = ("delay", "repeat")


@dataclass(frozen=True)
class Call:
    """An AWS call of a function."""

    function: str
    service: str
    operation: str
    body: str


@dataclass
class Rule:
    """A rule. Without `operation`, `service`, `contains` and `function` it matches each call."""

    name: str
    action: str
    operation: str | None = None
    service: str | None = None
    contains: str | None = None
    function: str | None = None
    seconds: float = 0
    times: int | None = None
    skip: int = 0
    probability: float = 1
    seed: int = 0
    matched: int = field(default=0, init=False)
    applied: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"{self.name}: there is no action {self.action}, only {', '.join(ACTIONS)}")
        if (self.action in TIMED) != (self.seconds > 0):
            raise ValueError(
                f"{self.name}: the actions {' and '.join(TIMED)} need seconds, and other actions have none"
            )
        # A sequence per rule, so that a seed selects the same calls whatever other rules there are.
        self._chance = random.Random(self.seed)

    def applies_to(self, call: Call) -> bool:
        if not self._matches(call):
            return False
        self.matched += 1
        if self.matched <= self.skip or self.applied == self.times or self._chance.random() >= self.probability:
            return False
        self.applied += 1
        return True

    def _matches(self, call: Call) -> bool:
        return (
            self.operation in (None, call.operation)
            and self.service in (None, call.service)
            and self.function in (None, call.function)
            and (self.contains is None or self.contains in call.body)
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_rules(document: object) -> list[Rule]:
    """Reads the rules of a PUT; a ValueError says which is invalid and why."""
    if not isinstance(document, dict) or not isinstance(document.get("rules"), list):
        raise ValueError('the body is not {"rules": [...]}')
    return [_read_rule(rule) for rule in document["rules"]]


def _read_rule(rule: object) -> Rule:
    known = {f.name for f in fields(Rule) if f.init}
    if not isinstance(rule, dict) or not {"name", "action"} <= rule.keys() <= known:
        # A rule with a misspelt condition would match more calls than intended.
        raise ValueError(f"{rule} is not a rule: it needs name and action, and may have {', '.join(sorted(known))}")
    try:
        return Rule(**rule)
    except TypeError as error:
        raise ValueError(f"{rule['name']}: {error}") from error


def first_applying(rules: list[Rule], call: Call) -> Rule | None:
    """The first rule that applies to the call; later rules do not count the call."""
    return next((rule for rule in rules if rule.applies_to(call)), None)
