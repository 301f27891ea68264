"""The names of the functions in the Makefile, in the template, and in CloudFormation."""

import re
from typing import TYPE_CHECKING

from local.settings import STACK

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

FUNCTIONS = (
    "authorizer",
    "webhooks",
    "accounts",
    "ingest",
    "deliver",
    "deliveries",
    "replay",
    "eraser",
    "stats",
    "console",
)
# CloudFormation and MiniStack generate the name `<stack>-<logical id>-<suffix>`:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-resource-identifiers.html
GENERATED = re.compile(rf"{STACK}-(\w+Function)-\w+")


def function_of(logical_id: str) -> str:
    """`deliver` for the template's `DeliverFunction`."""
    return logical_id.removesuffix("Function").lower()


def logical_id_of(function: str) -> str:
    """`DeliverFunction` for `deliver`."""
    return f"{function.capitalize()}Function"


def function_of_generated(name: str) -> str | None:
    """`deliver` for `callhook-DeliverFunction-1A2B`; None for a name of another form."""
    generated = GENERATED.fullmatch(name)
    return function_of(generated[1]) if generated else None


def deployed_names(cloudformation: "CloudFormationClient") -> dict[str, str]:
    """The name of each function in the local cloud."""
    resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    return {function: names[logical_id_of(function)] for function in FUNCTIONS}
