"""What the commands tell the person in front of the terminal."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator

# A step that takes longer than this shows that it is alive.
SECONDS_BETWEEN_SIGNS_OF_LIFE = 3


def say(text: str = "") -> None:
    # In one write with its line end, because deliveries are shown from several threads.
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    print(f"callhook: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title: str, detail: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Names a step, gives a sign of life while it lasts, and says how long it took."""
    say(f"• {title} …")
    started = time.monotonic()
    done = threading.Event()

    def show_life() -> None:
        while not done.wait(SECONDS_BETWEEN_SIGNS_OF_LIFE):
            say(f"    still at it, {time.monotonic() - started:.0f} s{detail()}")

    life = threading.Thread(target=show_life, daemon=True)
    life.start()
    try:
        yield
    finally:
        done.set()
        life.join()
    say(f"    done in {time.monotonic() - started:.1f} s{detail()}")
