"""Finds the sender of a call: the function by its credentials, and the process by its connection."""

import ctypes
import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

from local.asgi import Headers

CREDENTIAL = re.compile(rb"Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/aws4_request")
NAME = b"AWS_LAMBDA_FUNCTION_NAME="
Address = tuple[str, int]


def credential_of(headers: Headers) -> tuple[str, str] | None:
    """The access key and the service of a signed request."""
    for name, value in headers:
        if name.lower() == b"authorization" and (found := CREDENTIAL.search(value)):
            return found[1].decode(), found[2].decode()
    return None


def kill(client: Address, server: Address) -> None:
    """Kills the function process at the other end of a connection."""
    inode = _inode(client, server)
    for pid in _functions():
        if inode in _sockets(pid):
            os.kill(pid, signal.SIGKILL)
            return
    raise ProcessLookupError(f"no function has the connection from port {client[1]}")


def reset(client: Address, server: Address) -> None:
    """Resets a connection of this process. ASGI cannot do that, so this uses the socket."""
    inode = _inode(server, client)
    if inode is None:
        raise ConnectionError(f"there is no connection from port {client[1]}")
    descriptor = _sockets(os.getpid())[inode]
    # Connecting a TCP socket to no address (AF_UNSPEC, all zeros) aborts its connection with a RST.
    ctypes.CDLL(None).connect(descriptor, bytes(16), 16)


def _inode(local: Address, remote: Address) -> str | None:
    """The inode of the socket with these addresses. A connection within this machine has two sockets."""
    ends = [_as_in_proc(local), _as_in_proc(remote)]
    for line in Path("/proc/net/tcp").read_text().splitlines():
        fields = line.split()
        if fields[1:3] == ends:
            return fields[9]
    return None


def _as_in_proc(address: Address) -> str:
    host, port = address
    return f"{socket.inet_aton(host)[::-1].hex().upper()}:{port:04X}"


def _functions() -> Iterator[int]:
    """The child processes that run a function."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # The name in brackets may hold spaces; the parent is the second field after it.
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            environment = (entry / "environ").read_bytes().split(b"\0")
            if int(parent) == os.getpid() and any(pair.startswith(NAME) for pair in environment):
                yield int(entry.name)
        except OSError:
            # The process has ended meanwhile.
            continue


def _sockets(pid: int) -> dict[str, int]:
    """The inodes of a process's sockets, each with its descriptor."""
    found = {}
    for entry in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            kind, _, inode = str(entry.readlink()).partition(":")
        except OSError:
            continue
        if kind == "socket":
            found[inode.strip("[]")] = int(entry.name)
    return found
