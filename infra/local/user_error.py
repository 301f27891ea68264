"""Errors that the user can act on."""


class UserError(Exception):
    """Says in a sentence what went wrong and what to do. It is printed without a traceback."""
