"""Tests of what needs no running cloud; the rest is exercised by `make demo`."""
