"""What a reading process may use, and what one file may hold."""

import resource
import signal

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60
WALL_SECONDS = 90
RESULT_BYTES = 256 * 1024 * 1024
OPEN_FILES = 64

MAX_PAGES = 5000
MAX_CHARACTERS = 40_000_000
MAX_UNPACKED = 512 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_PIXELS = 60_000_000


class Unreadable(Exception):
    """The file gives no text or picture; `reason` is a code of `coalitions.documents.reasons`."""

    def __init__(self, reason: str, page_count: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.page_count = page_count


def restrain() -> None:
    """Limit this process for good; past the limits the system ends it."""
    for what, amount in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, RESULT_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (amount, amount))
    signal.alarm(WALL_SECONDS)
