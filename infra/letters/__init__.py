"""The dead letters: looking at them, and sending them back to work.

letter.py      what an operator may see of a message, and where it belongs
look.py        all that are there, without taking any away
move_task.py   the redrive of SQS itself
by_hand.py     the same where SQS has none, as on the local cloud
"""
