"""Checks of `make check` that no tool has, and the configuration of the tools with their exceptions."""
