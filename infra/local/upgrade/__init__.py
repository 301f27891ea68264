"""Checks that the current functions work with items and messages of an earlier release.

python -m local record NAME   writes tests/fixtures/NAME with the built functions               (record.py)
python -m local upgrade       loads each of tests/fixtures into a new cloud and checks it       (check.py)
"""

from local.settings import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
