"""Whether a version's file may be opened: the one question that every channel asks.

Invariant: where a virus scanner is configured (CLAMD_URL), only what it found clean is opened, read
or shown; what was once found infected stays closed also without one.
"""

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalitions.documents.models import DocumentVersion, VirusScan

State = VirusScan.State
# After so many seconds it is worth asking again.
RETRY_AFTER = 60

_WORDS: dict[str, str | Promise] = {
    State.WAITING: _("The file is being checked for viruses. It can be opened when that is done."),
    State.INFECTED: _("A virus was found in this file. It is in quarantine: nobody can open it."),
    State.FAILED: _(
        "The file could not be checked for viruses, so nobody can open it. Tell the people who "
        "run this portal."
    ),
}


class FileClosed(Exception):
    """The file of a version, or what is in it, is not given out. `state`: why."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state

    @property
    def status(self) -> int:
        """The status of an answer: later, or not as things are."""
        return 503 if self.state == State.WAITING else 409

    @property
    def message(self) -> str:
        """What to tell whoever asked, and sees the document."""
        return closed_in_words(self.state)


def why_closed(version: DocumentVersion) -> str:
    """Return the state of the scan that keeps the file closed; empty when it may be opened.

    Costs a question where `scan` was not selected with the version.
    """
    scan: VirusScan | None = getattr(version, "scan", None)
    if not settings.CLAMD_URL:
        return State.INFECTED if scan and scan.state == State.INFECTED else ""
    if scan is None:  # from before there was a scanner
        return State.WAITING
    return "" if scan.state == State.CLEAN else str(scan.state)


def opened(path: str = "") -> Q:
    """Say in SQL what `why_closed` says of one version; `path` leads to it, such as "version__"."""
    if settings.CLAMD_URL:
        return Q(**{f"{path}scan__state": State.CLEAN})
    return ~Q(**{f"{path}scan__state": State.INFECTED})


def let_open(version: DocumentVersion) -> None:
    """Return when the file may be opened, or raise FileClosed."""
    state = why_closed(version)
    if state:
        raise FileClosed(state)


def closed_in_words(state: str) -> str:
    """Return what a closed file's reader is told."""
    return str(_WORDS.get(state, _WORDS[State.WAITING]))
