"""The link that opens the console as the demo account."""

from platform_key import SCOPES

from local.api import Api
from local.demo.tenant import ACCOUNT

SECONDS_OF_A_LINK = 86_400
"""The longest that a link may last."""


def console_link(platform: Api) -> str:
    """The URL of the console with a new key in it, which has all scopes that a key of an account may have."""
    request = {
        "name": "make run",
        "expires_in_seconds": SECONDS_OF_A_LINK,
        "scopes": [scope for scope in SCOPES if scope != "platform"],
    }
    return str(platform.expect(201, "POST", f"/v1/accounts/{ACCOUNT}/console-links", request)["url"])
