"""curl lines to paste, each complete in itself."""

import json

from local.demo.report import REPORT
from local.demo.tenant import Tenant
from local.settings import Settings

# The shell makes a fresh id for each paste: the same report again would rightly not be delivered a second time.
FRESH_ID = "'$(date +%s)-$RANDOM-{}'"


def curl_lines(settings: Settings, tenant: Tenant, receiver_url: str) -> str:
    def curl(path: str, body: str | None = None) -> str:
        line = f"curl -s {settings.base_url}{path} -H 'Authorization: Bearer {tenant.key}'"
        return line if body is None else f"{line} -H 'Content-Type: application/json' -d '{body}'"

    first, second = (_report(tenant, number) for number in (1, 2))
    webhook = json.dumps({"name": "Second receiver", "url": f"{receiver_url}/second"})
    return "\n".join([
        "# List the webhooks:",
        curl("/v1/webhooks"),
        "# Post the documented OBD report to the demo webhook, and see it arrive here:",
        curl("/v1/reports", first),
        "# Post two reports at once:",
        curl("/v1/reports", f"[{first}, {second}]"),
        "# Make another webhook:",
        curl("/v1/webhooks", webhook),
    ])  # fmt: skip


def _report(tenant: Tenant, number: int) -> str:
    fields = json.dumps({**REPORT, "webhook_id": tenant.webhook_id})
    return f'{{"id": "{FRESH_ID.format(number)}", {fields[1:]}'
