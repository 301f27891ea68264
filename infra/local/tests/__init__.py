"""Unit tests, which need no running cloud."""
