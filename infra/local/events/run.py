"""Runs functions on all events, and checks the results."""

import time
from collections.abc import Callable
from typing import Any

from local.events.catalogue import EVENTS
from local.events.time_shift import TimeShift
from local.events.world import World
from local.say import say

Invoke = Callable[[str, dict[str, Any]], dict[str, Any]]


def run_all(world: World, invoke: Invoke, means: str) -> int:
    """Runs all events; returns the number of failures. `invoke` calls a function with an event."""
    say(f"• The sample events, {means}:")
    failures = 0
    for position, event in enumerate(EVENTS):
        # Each event a second after the previous one, so that each has its own report, and none in the future.
        shift = TimeShift.ago(len(EVENTS) - position)
        world.seed(shift)
        event.prepare(world, shift)
        started = time.monotonic()
        try:
            result = event.check(invoke(event.function, shift.event(event.file)), world, shift)
        except (AssertionError, KeyError, ValueError, TypeError) as error:
            failures += 1
            say(f"    FAILED {event.file}: {type(error).__name__}: {error}")
        else:
            say(f"    ok {event.file} ({event.function}, {time.monotonic() - started:.1f} s): {result}")
    say(f"    {len(EVENTS) - failures} passed, {failures} failed")
    return failures
