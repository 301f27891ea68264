"""What `exec --audit` looks at when its command has succeeded: what only a whole run of the end-to-end tests can show.

    permissions.py   every permission of the template was used
    recorder.py      notes, within the cloud, which permissions are
    statements.py    the permissions that the template gives
"""
