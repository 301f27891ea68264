"""The sample events of infra/events/, with checks of what a function does with each.

time_shift.py  moves the times of an event to now
world.py       a local cloud with what the events name: an account, its key, webhook and report
catalogue.py   the checks of the events
run.py         runs all events and checks
emulator.py    runs a function in Lambda's runtime interface emulator, as a process
sam.py         runs functions in containers with `sam local`
docker.py      the Docker daemon
routes.py      the routes that `sam local start-api` mounts
"""
