"""The local cloud: the template of this folder deployed on this machine, without Docker and without AWS.

    python -m local run      stay up with a demo account, webhook and receiver     (commands/run.py)
    python -m local demo     the same once, as a check                             (commands/demo.py)
    python -m local exec     a fresh, strict cloud for one command, such as tests  (commands/execute.py)

How the parts fit together:

    launch.py    starts and stops the cloud process and owns its ports
    cloud.py     that process: MiniStack, with front_door.py giving the API a port of its own
    faults/      what lets AWS calls of the functions go wrong, for tests that ask for it
    deploy.py    `sam deploy`, skipped when nothing has changed
    demo/        the demo account, the receiver, the report and the check of what arrived

docs/local-cloud.md says what differs from AWS.
"""
