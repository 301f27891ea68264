"""Audits of a cloud after a command has run on it: each reads what was logged and says what is wrong.

An audit is a class that is made with the cloud's settings. Its `environment()` is what the command gets to see of it, and
its `check(lines)` raises Trouble if something is wrong, and gives a line to say if not. Each is in a file of its own."""

from local.audits.leaks import Leaks
from local.audits.lines import read_lines
from local.say import say
from local.settings import Settings
from local.trouble import Trouble

AUDITS = [Leaks]


class Audits:
    """All audits of one cloud."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._audits = [audit(settings) for audit in AUDITS]

    def environment(self) -> dict[str, str]:
        """What the command has to know so that it can be audited."""
        return {name: value for audit in self._audits for name, value in audit.environment().items()}

    def run(self) -> bool:
        """Runs all of them, after the command and while the cloud is up; whether all is well."""
        lines = read_lines(self._settings)
        passed = True
        for audit in self._audits:
            try:
                say(f"• {audit.check(lines)}")
            except Trouble as trouble:
                say(f"• {trouble}")
                passed = False
        return passed
