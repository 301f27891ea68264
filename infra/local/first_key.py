"""The platform key of a local cloud, made as the operator makes the first one on AWS."""

from deployed import Refused
from platform_key import create_platform_key

from local.aws import session
from local.settings import STACK, Settings
from local.user_error import UserError


def make_platform_key(settings: Settings) -> str:
    try:
        return create_platform_key(session(settings), STACK, "local", settings.endpoint)
    except Refused as refusal:
        raise UserError(f"No platform key could be made: {refusal} (log: {settings.log})") from refusal
