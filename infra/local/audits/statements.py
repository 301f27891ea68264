"""Reads the permissions of the template's functions, with the template's names."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse

from local.functions import function_of
from local.leading_keys import CONDITION_KEY

PATTERNS_OF_KEYS = "ForAllValues:StringLike"
RESOURCE_AND_REST = re.compile(r"\$\{(\w+)\.Arn\}(.*)")
FUNCTION = "AWS::Serverless::Function"
# Conditions of tables that the stack creates unless a parameter names an existing one.
MADE_OR_ADOPTED = ("MakesConfigTable", "MakesDeliveriesTable")


@dataclass(frozen=True)
class Permission:
    """An action of a function on a resource; `keys` is one pattern of partition keys, if the statement has any."""

    function: str
    action: str
    resource: str
    keys: str | None
    condition: str | None
    """The condition of the template on the statement."""
    sid: str

    def __str__(self) -> str:
        keys = f" for keys {self.keys}" if self.keys else ""
        return f"{self.function}: {self.action} on {self.resource}{keys} ({self.sid})"


@dataclass(frozen=True)
class Function:
    """A function of the template, without its permissions."""

    name: str
    role: str
    log_group: str
    event_sources: tuple[str, ...]
    failure_destinations: tuple[str, ...]
    """The destinations of batches that failed for good."""


class Template:
    def __init__(self, text: str) -> None:
        self.parsed: dict[str, Any] = yaml_parse(text)

    @classmethod
    def read(cls, file: Path) -> "Template":
        return cls(file.read_text())

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of a type, by logical id."""
        found = self.parsed["Resources"].items()
        return {name: resource.get("Properties", {}) for name, resource in found if resource["Type"] == kind}

    def functions(self) -> list[Function]:
        return [
            Function(
                name=function_of(logical_id),
                role=name_of(properties["Role"]),
                log_group=name_of(properties["LoggingConfig"]["LogGroup"]),
                event_sources=tuple(
                    name_of(event["Properties"].get("Queue") or event["Properties"]["Stream"])
                    for event in properties.get("Events", {}).values()
                ),
                failure_destinations=tuple(
                    name_of(event["Properties"]["DestinationConfig"]["OnFailure"]["Destination"])
                    for event in properties.get("Events", {}).values()
                    if "DestinationConfig" in event["Properties"]
                ),
            )
            for logical_id, properties in self.resources(FUNCTION).items()
        ]

    def statements(self, role: str) -> list[tuple[dict[str, Any], str | None]]:
        """The statements of a role, each with its condition in the template."""
        policies = self.resources("AWS::IAM::Role")[role]["Policies"]
        statements = (statement for policy in policies for statement in policy["PolicyDocument"]["Statement"])
        return [
            (statement["Fn::If"][1], statement["Fn::If"][0]) if "Fn::If" in statement else (statement, None)
            for statement in statements
        ]

    def permissions(self) -> list[Permission]:
        return [
            Permission(function.name, action, name_of(resource), keys, condition, statement["Sid"])
            for function in self.functions()
            for statement, condition in self.statements(function.role)
            for action in as_list(statement["Action"])
            for resource in as_list(statement["Resource"])
            for keys in _patterns_of_keys(statement)
        ]


def name_of(reference: object) -> str:
    """The logical id of a reference.

    `ConfigTable` for its ARN, `DeliveriesTable/index/undelivered` for that of an index, `DeliveriesTable/stream` for
    that of its stream; other texts unchanged.
    """
    match reference:
        # The stack's own table, or that of a parameter, which takes its place.
        case {"Fn::If": [str(condition), made, _]} if condition in MADE_OR_ADOPTED:
            return name_of(made)
        case {"Ref": name} | {"Fn::GetAtt": [name, "Arn"]}:
            return str(name)
        case {"Fn::GetAtt": [name, "StreamArn"]}:
            return f"{name}/stream"
        case {"Fn::Sub": str(text)} if found := RESOURCE_AND_REST.fullmatch(text):
            return found[1] + found[2]
        case str(text) | {"Fn::Sub": str(text)}:
            return text
    raise ValueError(f"the audit cannot resolve {reference} to a resource")


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _patterns_of_keys(statement: dict[str, Any]) -> list[str | None]:
    patterns: list[str | None] = statement.get("Condition", {}).get(PATTERNS_OF_KEYS, {}).get(CONDITION_KEY, [None])
    return patterns
