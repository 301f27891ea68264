"""Access to the AWS APIs of a local cloud as root."""

import boto3

from local.settings import Settings


def session(settings: Settings) -> boto3.session.Session:
    environment = settings.aws_environment()
    return boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
