"""`make env`: prints the URL, the key and the receiver of `make run` as a line for another terminal."""

from local.demo.exports import read_exports
from local.say import say
from local.settings import persistent_settings


def env() -> int:
    say(read_exports(persistent_settings()))
    return 0
