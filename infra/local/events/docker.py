"""The Docker daemon of this machine, as `sam local` uses it."""

import contextlib
import ipaddress
import socket
from dataclasses import dataclass

import docker
from docker.errors import DockerException, ImageNotFound, NotFound

from local.user_error import UserError

BRIDGE = "bridge"
# Docker Desktop runs containers in a machine of its own, which knows this one by that name.
NAME_OF_THIS_MACHINE = "host.docker.internal"


@dataclass(frozen=True)
class Docker:
    client: docker.DockerClient
    bridge: str | None
    """The address of this machine on the bridge of the containers; None if it is not one of this machine's own."""

    @classmethod
    def connect(cls) -> "Docker":
        try:
            client = docker.from_env()
            client.ping()
        except DockerException as error:
            raise UserError(
                f"`sam local` needs Docker, which does not answer: start it (docs/sam-local.md). {error}"
            ) from error
        return cls(client, _own_address(client))

    @property
    def host(self) -> str:
        """This machine, as containers reach it."""
        return self.bridge or NAME_OF_THIS_MACHINE

    def has(self, image: str) -> bool:
        try:
            self.client.images.get(image)
        except ImageNotFound:
            return False
        return True

    def remove_containers(self, endpoint: str) -> None:
        """Removes the containers of functions that use this endpoint: what a `sam` that was killed leaves behind."""
        for container in self.client.containers.list(all=True, ignore_removed=True):
            with contextlib.suppress(NotFound):
                if f"AWS_ENDPOINT_URL={endpoint}" in (container.attrs["Config"]["Env"] or []):
                    container.remove(force=True)


def _own_address(client: docker.DockerClient) -> str | None:
    (settings, *_) = client.networks.get(BRIDGE).attrs["IPAM"]["Config"] or [{}]
    if "Gateway" in settings:
        address = str(settings["Gateway"])
    elif "Subnet" in settings:
        # An older daemon does not tell that it takes the first address.
        address = str(next(ipaddress.ip_network(settings["Subnet"]).hosts()))
    else:
        return None
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return None
    return address
