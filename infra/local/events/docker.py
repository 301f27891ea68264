"""The Docker daemon that `sam local` uses."""

import contextlib
import ipaddress
import socket
from dataclasses import dataclass

import docker
from docker.errors import DockerException, ImageNotFound, NotFound

from local.user_error import UserError

BRIDGE = "bridge"
# Docker Desktop runs containers in a virtual machine, where this machine has that name.
HOST_NAME_IN_CONTAINERS = "host.docker.internal"


@dataclass(frozen=True)
class Docker:
    client: docker.DockerClient
    bridge: str | None
    """The address of the containers' bridge; None if this machine does not have it."""

    @classmethod
    def connect(cls) -> "Docker":
        try:
            client = docker.from_env()
            client.ping()
        except DockerException as error:
            raise UserError(
                f"`sam local` needs Docker, which does not answer: start it (docs/sam-local.md). {error}"
            ) from error
        return cls(client, own_address(client))

    @property
    def host(self) -> str:
        """The address or name of this machine for containers."""
        return self.bridge or HOST_NAME_IN_CONTAINERS

    def has(self, image: str) -> bool:
        try:
            self.client.images.get(image)
        except ImageNotFound:
            return False
        return True

    def remove_containers(self, endpoint: str) -> None:
        """Removes containers of functions with this endpoint, which a killed `sam` leaves."""
        for container in self.client.containers.list(all=True, ignore_removed=True):
            with contextlib.suppress(NotFound):
                if f"AWS_ENDPOINT_URL={endpoint}" in (container.attrs["Config"]["Env"] or []):
                    container.remove(force=True)


def own_address(client: docker.DockerClient) -> str | None:
    (settings, *_) = client.networks.get(BRIDGE).attrs["IPAM"]["Config"] or [{}]
    if "Gateway" in settings:
        address = str(settings["Gateway"])
    elif "Subnet" in settings:
        # An older daemon does not name the gateway, and uses the first address.
        address = str(next(ipaddress.ip_network(settings["Subnet"]).hosts()))
    else:
        return None
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return None
    return address
