"""`make sam-local`: the API in containers, by `sam local start-api`, with the queues and tables of a local cloud."""

import socket

from local.events.docker import Docker
from local.events.moment import Moment
from local.events.sam import Sam
from local.events.world import WEBHOOK, events_world, key_of_the_events
from local.say import say
from local.settings import HOST, sam_port
from local.user_error import UserError


def sam_api() -> int:
    docker, port = Docker.connect(), sam_port()
    _require_free(port)
    url = f"http://localhost:{port}"
    with (
        events_world(docker.bridge, show_requests=True, parameters={"PublicUrl": url}) as world,
        Sam(world, docker) as sam,
        sam.api(port) as process,
    ):
        world.seed(Moment.ago(1))
        say(_welcome(url, sam))
        process.wait()
        raise UserError(f"sam local start-api ended by itself:\n{sam.log.read_text(errors='replace')[-2000:]}")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise UserError(
                f"Port {port} cannot be used ({error.strerror}): choose another one with SAM_PORT=<port>."
            ) from error


def _welcome(url: str, sam: Sam) -> str:
    return f"""
The API runs in containers; this terminal shows what the receiver of the webhook {WEBHOOK} gets.

  base URL   {url}
  API key    {key_of_the_events()}
  log        {sam.log}

  curl -sS {url}/v1/webhooks -H "Authorization: Bearer {key_of_the_events()}"

Ctrl-C removes the containers and the local cloud with its data.
"""
