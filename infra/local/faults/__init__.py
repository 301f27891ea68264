"""Fault injection: throttled, failing, delayed or unanswered AWS calls of the functions, and killed functions.

    layer.py     the ASGI application before MiniStack's, which gets rules at /_faults and applies them
    rules.py     matches calls with rules
    answers.py   errors in the format of AWS
    sender.py    finds the function and the process that made a call

`exec --faults` turns it on. docs/local-cloud.md describes the rules.
"""
