"""`make sam-invoke`: runs a function in a container on one event, with `sam local invoke`."""

import json
from pathlib import Path

from local.events.catalogue import EVENTS
from local.events.docker import Docker
from local.events.sam import Sam
from local.events.time_shift import EVENTS as SAMPLES
from local.events.time_shift import TimeShift
from local.events.world import events_world
from local.functions import FUNCTIONS
from local.say import say
from local.settings import ROOT
from local.user_error import UserError


def sam_invoke(function: str, event: Path) -> int:
    # The path is relative to the repository, where `make` runs.
    file = ROOT / event
    if not file.is_file():
        raise UserError(f"EVENT={event} is not a file: give one such as infra/events/deliver-reports.json.")
    sample = next((sample for sample in EVENTS if file.resolve() == SAMPLES / sample.file), None)
    function = function or (sample.function if sample else "")
    if function not in FUNCTIONS:
        raise UserError(f"FN={function} is not a function: give one of {', '.join(FUNCTIONS)}.")
    if sample and sample.function != function:
        raise UserError(f"{event} is an event of {sample.function}: leave FN out, or give FN={sample.function}.")
    docker, shift = Docker.connect(), TimeShift.ago(1)
    with events_world(docker.bridge, show_requests=True) as world, Sam(world, docker) as sam:
        world.seed(shift)
        if sample:
            sample.prepare(world, shift)
        say(f"• Invoking {function} with {event}, its times moved to now")
        try:
            answer = sam.invoke(function, shift.read(file))
        finally:
            if sam.log.exists():
                say(sam.log.read_text(errors="replace").rstrip())
        say(json.dumps(answer, indent=2))
        if sample:
            try:
                say(f"• {sample.check(answer, world, shift)}")
            except (AssertionError, KeyError) as error:
                raise UserError(f"The check of {event} failed: {error}") from error
    return 0
