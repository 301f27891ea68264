"""What `exec --audit` looks at when its command has succeeded: what only a whole run of the end-to-end tests can show.

leaks.py         no key, secret or phone number that the tests used is in the logs
lines.py         the lines that were logged
metrics.py       lines of metrics are in embedded metric format, and no more than invocations
permissions.py   every permission of the template was used
recorder.py      notes, within the cloud, which permissions are
statements.py    the permissions that the template gives
"""
