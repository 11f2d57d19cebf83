"""Named places where a test may kill this process, as a power cut would.

Invariant: outside the tests (`settings.CRASH_POINTS`) a point costs one comparison and does
nothing, whatever the environment says.
"""

import os
import signal

from django.conf import settings

VARIABLE = "PORTAL_CRASH_AT"


def reached(point: str) -> None:
    """End this process at once, without any clean-up, when a test asked for it at `point`."""
    if os.environ.get(VARIABLE) == point and getattr(settings, "CRASH_POINTS", False):
        os.kill(os.getpid(), signal.SIGKILL)
