"""The measurements behind docs/performance.md: ``make bench``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# The stand-ins and test databases that the measurements share with the tests lie there.
sys.path.insert(0, str(ROOT / "tests"))
