"""Faults of AWS that a test asks for: throttled, failing or lost calls of the functions, and functions that are killed.

    layer.py     the ASGI application before MiniStack's: takes rules at /_faults and applies them
    rules.py     which calls a rule means, and how often
    answers.py   errors in the shape that AWS gives them
    sender.py    the function and the process that sent a call

Only `exec --faults` puts it in. docs/local-cloud.md has the rules' form.
"""
