"""Checks of `make check` that no tool makes, and the configuration of the tools with their exceptions."""
