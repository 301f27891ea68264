"""Webhooks and subscriptions of another platform, into an account of Callhook.

export.py   what the platform's list responses say, as settings of Callhook
api.py      calls of Callhook's API: paced, and repeated where that is safe
run.py      finds what is there already, makes the rest, and reports each entry
"""
