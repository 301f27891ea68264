"""What a person can do something about."""


class Trouble(Exception):
    """One sentence that says what went wrong and what to do; it is shown without a traceback."""
