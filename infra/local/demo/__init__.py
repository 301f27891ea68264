"""The demo: an account with a webhook, a receiver, and the delivery of the documented report."""
