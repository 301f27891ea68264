"""Has functions work on every event, and checks what came of it."""

import time
from collections.abc import Callable
from typing import Any

from local.events.catalogue import EVENTS
from local.events.moment import Moment
from local.events.world import World
from local.say import say

Invoke = Callable[[str, dict[str, Any]], dict[str, Any]]


def run_all(world: World, invoke: Invoke, means: str) -> int:
    """`invoke` takes a function and an event, and returns the answer. Returns how many events failed."""
    say(f"• The sample events, {means}:")
    failures = 0
    for place, event in enumerate(EVENTS):
        # Each a second after the one before, so that each has a report of its own; none in the future.
        moment = Moment.ago(len(EVENTS) - place)
        world.seed(moment)
        event.prepare(world, moment)
        began = time.monotonic()
        try:
            seen = event.check(invoke(event.function, moment.event(event.file)), world, moment)
        except (AssertionError, KeyError, ValueError, TypeError) as error:
            failures += 1
            say(f"    FAILED {event.file}: {type(error).__name__}: {error}")
        else:
            say(f"    ok {event.file} ({event.function}, {time.monotonic() - began:.1f} s): {seen}")
    say(f"    {len(EVENTS) - failures} passed, {failures} failed")
    return failures
