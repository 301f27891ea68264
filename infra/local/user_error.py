"""What a person can do something about."""


class UserError(Exception):
    """One sentence that says what went wrong and what to do; it is shown without a traceback."""
