"""The local cloud: the stack on this machine, without Docker and without AWS.

    python -m local run      runs the stack with a demo account, webhook and receiver  (commands/run.py)
    python -m local demo     delivers one report and checks it                         (commands/demo.py)
    python -m local exec     runs a command, such as tests, with a new cloud           (commands/execute.py)

Its parts:

    launch.py    starts and stops the cloud process
    cloud.py     the cloud process: MiniStack, with the API on its own port (front_door.py)
    patches.py   the changes of MiniStack
    faults/      faults of AWS calls by the functions, for tests
    deploy.py    `sam deploy`, skipped if nothing has changed
    demo/        the demo's account, receiver, report and check

docs/local-cloud.md lists the differences from AWS.
"""
