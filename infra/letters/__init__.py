"""Reading dead letters, and moving them back to their queues.

letter.py      the parts of a message that an operator may see, and its queue
peek.py        receives all dead letters and returns them to the queue
move_task.py   the redrive of SQS (a message move task)
resend.py      a redrive where SQS has no move tasks, as on the local cloud
"""
