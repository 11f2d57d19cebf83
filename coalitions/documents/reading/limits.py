"""What a reading process may use, and what one file may hold."""

import resource
import signal

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60
WALL_SECONDS = 90
RESULT_BYTES = 256 * 1024 * 1024
OPEN_FILES = 64
# A page that is being opened waits for the places of its letters, and does without them soon. A
# picture is waited for by a person, and by those who wait for their turn after it.
SECONDS = {
    "letters": 4,
    "image": 12,
    "thumbnails": 12,
    "traces": 20,
    "remove": 40,
}
LETTERS_BYTES = 8 * 1024 * 1024

MAX_PAGES = 5000
MAX_CHARACTERS = 40_000_000
MAX_UNPACKED = 512 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_PIXELS = 60_000_000
MAX_LETTERS = 60_000


class Unreadable(Exception):
    """The file gives no text or picture; `reason` is a code of `coalitions.documents.reasons`."""

    def __init__(self, reason: str, page_count: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.page_count = page_count


def wall_seconds(what: str) -> int:
    """Return how long a process may take that does `what`."""
    return SECONDS.get(what, WALL_SECONDS)


def restrain(what: str = "") -> None:
    """Limit this process for good; past the limits the system ends it."""
    seconds = wall_seconds(what)
    for limit, amount in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, min(CPU_SECONDS, seconds)),
        (resource.RLIMIT_FSIZE, LETTERS_BYTES if what == "letters" else RESULT_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (amount, amount))
    signal.alarm(seconds)
