"""The link to the console for the demo account."""

from local.api import Api
from local.demo.tenant import ACCOUNT
from platform_key import SCOPES

SECONDS_OF_A_LINK = 86_400
"""The longest lifetime of a link."""


def console_link(platform: Api) -> str:
    """Creates a link to the console, with a new key that has all scopes of an account."""
    request = {
        "name": "make run",
        "expires_in_seconds": SECONDS_OF_A_LINK,
        "scopes": [scope for scope in SCOPES if scope != "platform"],
    }
    return str(platform.expect(201, "POST", f"/v1/accounts/{ACCOUNT}/console-links", request)["url"])
