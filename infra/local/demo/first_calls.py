"""The first calls of the API, for pasting in this order. `make run` prints them and the README shows them."""

SEND = r"""curl -sS $URL/v1/reports -H "Authorization: Bearer $KEY" \
  -d '{"id": "call-'$RANDOM$RANDOM'", %s"source": "OBD", "bridge": 918068280000,
       "from": 918919520000, "to": 918867130000, "start_at": "2021-04-09 16:27:39",
       "end_at": "2021-04-09 16:27:55", "duration": "23", "status": "ANSWER"}'; echo"""

KEEP_ID = """ | tee /dev/stderr |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])')"""

# Sentences, each with its lines for a shell.
STEPS = (
    (
        "Create a webhook and keep its id. The answer shows the signing secret, once:",
        r"""WEBHOOK=$(curl -sS $URL/v1/webhooks -H "Authorization: Bearer $KEY" \
  -d '{"name": "My receiver", "url": "'$RECEIVER'/first"}'"""
        + KEEP_ID,
    ),
    (
        "Send a report to it. The terminal of `make run` shows what arrives:",
        SEND % """"webhook_id": "'$WEBHOOK'", """,
    ),
    (
        "Subscribe the webhook, and leave `webhook_id` out of the reports:",
        r"""curl -sS $URL/v1/subscriptions -H "Authorization: Bearer $KEY" \
  -d '{"identity": "flow:123", "webhook_id": "'$WEBHOOK'"}'; echo
"""
        + SEND % '"flow_id": 123, ',
    ),
    (
        "Compose the request yourself, with variables and a secret:",
        r"""COMPOSED=$(curl -sS $URL/v1/webhooks -H "Authorization: Bearer $KEY" \
  -d '{"name": "Composed", "url": "'$RECEIVER'/ack?id={{id}}", "secrets": {"token": "s3cr3t"},
       "headers": {"Authorization": "Bearer %token%"},
       "body": {"format": "json", "template": {"to": "{{to}}", "status": "{{status | downcase}}"}}}'"""
        + KEEP_ID
        + "\n"
        + SEND % """"webhook_id": "'$COMPOSED'", """,
    ),
    (
        "Look up what became of the deliveries:",
        """curl -sS $URL/v1/webhooks/$WEBHOOK/deliveries -H "Authorization: Bearer $KEY"; echo""",
    ),
)


def as_text() -> str:
    """The steps for a terminal."""
    return "\n\n".join(f"{sentence}\n\n{lines}" for sentence, lines in STEPS)


def as_markdown() -> str:
    """The steps as in the README."""
    blocks = ("\n".join("    " + line for line in lines.splitlines()) for _, lines in STEPS)
    return "\n\n".join(f"{sentence}\n\n{block}" for (sentence, _), block in zip(STEPS, blocks, strict=False))
