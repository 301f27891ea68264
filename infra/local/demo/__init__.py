"""The demo: an account, a webhook, a receiver, and the documented report on its way from one to the other."""
