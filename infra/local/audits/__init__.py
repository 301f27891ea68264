"""Audits of `exec --audit` after its command has succeeded.

leaks.py         no log line holds a key, secret or phone number of the tests
lines.py         reads the log lines
metrics.py       metric lines are in embedded metric format, at most one for each invocation
permissions.py   each permission of the template was used, for a whole run of the tests that share a cloud
recorder.py      records used permissions, within the cloud
statements.py    reads the permissions of the template
"""
