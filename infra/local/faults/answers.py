"""Error responses in the format of AWS."""

import json
from typing import Any

from local.asgi import Headers, Send

PREFIXES = {"dynamodb": "com.amazonaws.dynamodb.v20120810#", "sqs": "com.amazonaws.sqs#"}
THROTTLED = {"dynamodb": "ProvisionedThroughputExceededException", "sqs": "RequestThrottled"}
FAILED = {"dynamodb": "InternalServerError", "sqs": "InternalFailure"}


async def throttled(service: str, send: Send) -> None:
    await _answer(400, service, THROTTLED.get(service, "ThrottlingException"), "Sender", send)


async def failed(service: str, send: Send) -> None:
    await _answer(500, service, FAILED.get(service, "InternalFailure"), "Receiver", send)


async def _answer(status: int, service: str, code: str, at_fault: str, send: Send) -> None:
    headers = [(b"content-type", b"application/x-amz-json-1.0"), (b"x-amzn-requestid", b"fault")]
    if service == "sqs":
        # SDKs that are older than the JSON protocol of SQS read the code here.
        headers.append((b"x-amzn-query-error", f"{code};{at_fault}".encode()))
    error = {"__type": PREFIXES.get(service, "") + code, "message": "Injected by a test."}
    await answer_json(status, error, send, headers)


async def answer_json(
    status: int, document: dict[str, Any], send: Send, headers: Headers = ((b"content-type", b"application/json"),)
) -> None:
    body = json.dumps(document).encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
