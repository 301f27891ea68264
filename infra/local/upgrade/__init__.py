"""Items and messages of an earlier release, and the present functions at work on them.

python -m local record NAME   writes tests/fixtures/NAME with the functions that are built     (record.py)
python -m local upgrade       loads each of tests/fixtures into a fresh cloud and checks       (check.py)
"""

from local.settings import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
