"""`events`: runs each sample event in the runtime interface emulator, with a new cloud."""

from local.events.emulator import Emulator
from local.events.run import run_all
from local.events.world import events_world


def events() -> int:
    with events_world() as world:
        failures = run_all(world, Emulator(world).invoke, "each in the runtime interface emulator")
    return 1 if failures else 0
