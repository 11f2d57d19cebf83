"""A circuit breaker before a server: after failures it is left alone for a while.

Invariant: while it is open nobody waits for the server. When a pause is over one probe, in a thread
of its own, finds out whether the server is back; whoever asks meanwhile is not kept waiting. An
answer that was late is no failure yet: a probe decides, and others go on until it has.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from enum import Enum
from functools import partial

logger = logging.getLogger(__name__)


class State(Enum):
    """What the breaker does with who comes."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class Doubt:
    """Whether the server is well, which a probe is finding out."""

    def __init__(self) -> None:
        self.decided, self.well = threading.Event(), False


class Breaker:
    """Opens at `threshold` failures in a row; each failed probe doubles the pause up to `longest`.

    Whoever waited in vain waits up to `grace` seconds more for the probe that decides whether it
    was the question or the server. `most_late` answers in a row are the server's, whatever a probe
    finds: each of them costs its reader the whole limit.
    One per process, used by all of its threads.
    """

    def __init__(
        self,
        name: str,
        probe: Callable[[], object],
        *,
        threshold: int = 2,
        first: float = 1.0,
        longest: float = 30.0,
        grace: float = 0.3,
        most_late: int = 5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.threshold, self.first, self.longest = name, threshold, first, longest
        self.grace, self.most_late = grace, most_late
        self._probe, self._clock = probe, clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Begin as if nothing had happened."""
        with self._lock:
            self._state, self._failures = State.CLOSED, 0
            self._pause, self._until = self.first, 0.0
            self._late = 0
            self._doubt: Doubt | None = None

    @property
    def state(self) -> State:
        """What it does now."""
        return self._state

    @property
    def failures(self) -> int:
        """How many failures in a row."""
        return self._failures

    def allows(self) -> bool:
        """Whether the server may be asked. Starts the probe when a pause is over."""
        with self._lock:
            if self._state is State.CLOSED:
                return True
            if self._state is State.PROBING or self._clock() < self._until:
                return False
            self._state = State.PROBING
        self._start(self.probe)
        return False

    def _start(self, target: Callable[[], None]) -> None:
        threading.Thread(target=target, name=f"probe-{self.name}", daemon=True).start()

    def probe(self) -> None:
        """Ask the server something cheap, and close or stay open."""
        try:
            self._probe()
        except Exception as error:  # a probe that fails, however it fails, is an answer
            logger.info("%s is still away: %s", self.name, type(error).__name__)
            self.failed()
        else:
            self.succeeded()

    def doubted(self) -> None:
        """An answer was late. Opens unless a probe answers at once; many ask the same probe."""
        with self._lock:
            if self._state is not State.CLOSED:
                return
            self._late += 1
            if self._late >= self.most_late:
                self._open()
                return
            doubt = self._doubt
            if doubt is None:
                doubt = self._doubt = Doubt()
                self._start(partial(self._decide, doubt))
        doubt.decided.wait(self.grace)
        with self._lock:
            if not doubt.well and self._state is State.CLOSED:
                self._open()

    def _decide(self, doubt: Doubt) -> None:
        try:
            self._probe()
        except Exception as error:  # as in `probe`
            logger.info("%s does not answer: %s", self.name, type(error).__name__)
        else:
            doubt.well = True
        with self._lock:
            self._doubt = None
            # Late is better than never: it was slow, and is there.
            if doubt.well and self._state is not State.CLOSED and self._late < self.most_late:
                self._close()
        doubt.decided.set()

    def succeeded(self) -> None:
        """The server answered."""
        with self._lock:
            self._late = 0
            self._close()

    def _close(self) -> None:
        if self._state is not State.CLOSED:
            logger.warning("%s is back", self.name)
            self._late = 0
        self._state, self._failures, self._pause = State.CLOSED, 0, self.first

    def _open(self) -> None:
        logger.warning("%s is left alone for a while", self.name)
        self._state, self._until = State.OPEN, self._clock() + self._pause

    def failed(self) -> None:
        """The server did not answer."""
        with self._lock:
            self._failures += 1
            if self._state is State.PROBING:
                self._pause = min(self._pause * 2, self.longest)
            elif self._state is State.OPEN or self._failures < self.threshold:
                return
            else:
                logger.warning("%s is left alone after %s failures", self.name, self._failures)
            self._state, self._until = State.OPEN, self._clock() + self._pause
