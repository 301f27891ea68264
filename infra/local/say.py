"""Output of the commands to the terminal."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator

# A longer step prints a line of progress this often.
SECONDS_BETWEEN_PROGRESS_LINES = 3


def say(text: str = "") -> None:
    # Text and line end in one write, since several threads print.
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    print(f"callhook: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title: str, detail: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Prints the title of a step, its progress while it lasts, and its duration."""
    say(f"• {title} …")
    started = time.monotonic()
    done = threading.Event()

    def show_progress() -> None:
        while not done.wait(SECONDS_BETWEEN_PROGRESS_LINES):
            say(f"    in progress, {time.monotonic() - started:.0f} s{detail()}")

    progress = threading.Thread(target=show_progress, daemon=True)
    progress.start()
    try:
        yield
    finally:
        done.set()
        progress.join()
    say(f"    done in {time.monotonic() - started:.1f} s{detail()}")
