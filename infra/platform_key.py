"""Creates a platform key, such as the first one, which no other key can authorize.

It invokes the accounts function with the event that API Gateway sends for an authorized `POST /v1/platform-keys`, so
that keys have one implementation. IAM decides who may do this, by lambda:InvokeFunction on that function.

    make platform-key                     on AWS, with the usual AWS_PROFILE and AWS_REGION
    make platform-key STACK=callhook-eu   for another stack
    make platform-key LOCAL=1             for the local cloud of `make run`
"""

import argparse
import datetime
import json
import sys
import uuid
from typing import Any

import boto3

from deployed import CommandError, operator_cloud, operator_command, running_local_cloud, stack_outputs

# All scopes (`callhook::scope::Scope`): a caller cannot give a key a scope that it lacks.
SCOPES = (
    "webhooks:read", "webhooks:write", "reports:write", "deliveries:read", "deliveries:write", "reports:erase",
    "platform",
)  # fmt: skip


def create_platform_key(session: boto3.session.Session, stack: str, name: str, endpoint: str | None = None) -> str:
    (function,) = stack_outputs(session, stack, "AccountsFunctionName", endpoint=endpoint)
    answer = session.client("lambda", endpoint_url=endpoint).invoke(
        FunctionName=function, Payload=json.dumps(_event({"name": name})).encode()
    )
    payload = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandError(f"{function} failed: {payload.get('errorMessage', payload)}; see its log group.")
    if payload.get("statusCode") != 201:
        raise CommandError(f"{function} answered {payload.get('statusCode')} {payload.get('body')}")
    return str(json.loads(payload["body"])["key"])


def _event(body: dict[str, Any]) -> dict[str, Any]:
    """An HTTP API event, payload format 2.0."""
    now = datetime.datetime.now(datetime.UTC)
    path = "/v1/platform-keys"
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "operator"},
        "requestContext": {
            "accountId": "operator",
            "apiId": "operator",
            "authorizer": {"lambda": {"key_id": "operator", "scopes": " ".join(SCOPES)}},
            "domainName": "operator",
            "domainPrefix": "operator",
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "callhook platform_key.py",
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": f"POST {path}",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


@operator_command
def main() -> int:
    parser = argparse.ArgumentParser(description="Creates a platform key and prints it once.")
    parser.add_argument("--stack", default="callhook", help="name of the CloudFormation stack (default: callhook)")
    parser.add_argument("--name", default="operator", help="name that lists show for the key (default: operator)")
    parser.add_argument("--local", action="store_true", help="on the local cloud of `make run`")
    arguments = parser.parse_args()
    cloud = running_local_cloud() if arguments.local else operator_cloud(arguments.stack)
    key = create_platform_key(cloud.session, cloud.stack, arguments.name, cloud.endpoint)
    print("This key is shown once: store it in a safe place.", file=sys.stderr)
    print(key)
    return 0


if __name__ == "__main__":
    sys.exit(main())
