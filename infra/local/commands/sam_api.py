"""`make sam-local`: runs the API in containers with `sam local start-api`, and queues and tables in a local cloud."""

import socket

from local.events.docker import Docker
from local.events.sam import Sam
from local.events.time_shift import TimeShift
from local.events.world import WEBHOOK, event_key, events_world
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
        world.seed(TimeShift.ago(1))
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
                f"Port {port} is not available ({error.strerror}): choose another port with SAM_PORT=<port>."
            ) from error


def _welcome(url: str, sam: Sam) -> str:
    return f"""
The API runs in containers. This terminal shows the requests to the receiver of the webhook {WEBHOOK}.

  base URL   {url}
  API key    {event_key()}
  log        {sam.log}

  curl -sS {url}/v1/webhooks -H "Authorization: Bearer {event_key()}"

Ctrl-C removes the containers and the local cloud with its data.
"""
