"""Imports webhooks and subscriptions of another platform into an account of Callhook.

export.py   reads the platform's list responses as settings of Callhook
api.py      calls Callhook's API at a limited rate, and repeats calls where that is safe
run.py      finds existing webhooks and subscriptions, creates missing ones, and reports each entry
"""
