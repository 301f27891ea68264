"""The platform key of a local cloud, made as the operator makes the first one on AWS."""

import boto3

import platform_key
from local.settings import STACK, Settings
from local.trouble import Trouble


def make_platform_key(settings: Settings) -> str:
    environment = settings.aws_environment()
    session = boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    try:
        return platform_key.create_platform_key(session, STACK, "local", settings.endpoint)
    except platform_key.Refused as refusal:
        raise Trouble(f"No platform key could be made: {refusal} (log: {settings.log})") from refusal
