"""Checks that each permission of the template was used: only an intruder would use another one.

The cloud enforces IAM, so missing permissions make tests fail.
"""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from local.audits.recorder import Use, read_uses
from local.audits.statements import Function, Permission, Template
from local.aws import session
from local.settings import STACK, TEMPLATE, Settings

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

LOG_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")
POLLING_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
STREAMING_ACTIONS = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)
OWN_KEY = "HasOwnKey"


def audit_permissions(settings: Settings) -> list[str]:
    """Returns the findings, a sentence each."""
    client = session(settings).client("cloudformation", endpoint_url=settings.endpoint)
    return unused(Template.read(TEMPLATE), read_uses(settings.uses_file), names_of_resources(client))


def unused(template: Template, uses: set[Use], names: dict[str, str]) -> list[str]:
    """The unused permissions. `names` gives logical ids of resources by their names."""
    if not uses:
        return ["no use of a permission was recorded, so nothing was audited"]
    functions = {function.name: function for function in template.functions()}
    named = {Use(use.function, use.action, name_of_arn(use.resource, names), use.key) for use in uses}
    return [
        f"no test uses it, so remove it from infra/template.yaml or write a test that needs it: {permission}"
        for permission in template.permissions()
        if not used_by_aws(permission, functions[permission.function]) and not _is_used(permission, named)
    ]


def used_by_aws(permission: Permission, function: Function) -> bool:
    """Whether AWS itself uses the permission with the function's role, for which MiniStack makes no call."""
    if permission.action in LOG_ACTIONS:
        # Lambda writes the function's log lines.
        return permission.resource == function.log_group
    if permission.action == "sqs:SendMessage" and permission.resource in function.failure_destinations:
        # Lambda sends batches there that failed for good.
        return True
    if permission.action in POLLING_ACTIONS + STREAMING_ACTIONS:
        # Lambda polls the queues and streams that trigger the function.
        return permission.resource in function.event_sources
    # DynamoDB, SQS and SNS use the operator's key.
    return permission.action.startswith("kms:") and permission.condition == OWN_KEY


def _is_used(permission: Permission, uses: set[Use]) -> bool:
    wanted = (permission.function, permission.action, permission.resource)
    return any(
        (use.function, use.action, use.resource) == wanted
        and (permission.keys is None or (use.key is not None and fnmatchcase(use.key, permission.keys)))
        for use in uses
    )


def names_of_resources(cloudformation: "CloudFormationClient") -> dict[str, str]:
    resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    # The id of a queue is its URL, that of a topic its ARN; both end with the name.
    return {resource["PhysicalResourceId"].rpartition("/")[2].rpartition(":")[2]: resource["LogicalResourceId"]
            for resource in resources}  # fmt: skip


def name_of_arn(arn: str, names: dict[str, str]) -> str:
    """`DeliveriesTable/index/undelivered` for `arn:…:table/callhook-DeliveriesTable-1A2B/index/undelivered`."""
    own, slash, rest = arn.rpartition(":")[2].removeprefix("table/").partition("/")
    return names.get(own, own) + slash + rest
