"""The sample events of infra/events/, and what is true after a function has worked on each.

moment.py     moves the times of an event to now
world.py      a local cloud, and what the events name in it: an account, its key, webhook and report
catalogue.py  which function an event is for, and what it does
emulator.py   a function in Lambda's runtime interface emulator, as a process of this machine
sam.py        a function in a container, by `sam local`
routes.py     the API in containers, by `sam local start-api`
"""
