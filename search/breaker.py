"""A circuit breaker before a server: after failures it is left alone for a while.

Invariant: while it is open nobody waits for the server. When a pause is over one probe, in a thread
of its own, finds out whether the server is back; whoever asks meanwhile is not kept waiting.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from enum import Enum

logger = logging.getLogger(__name__)


class State(Enum):
    """What the breaker does with who comes."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class Breaker:
    """Opens at `threshold` failures in a row; each failed probe doubles the pause up to `longest`.

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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self.threshold, self.first, self.longest = name, threshold, first, longest
        self._probe, self._clock = probe, clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Begin as if nothing had happened."""
        with self._lock:
            self._state, self._failures = State.CLOSED, 0
            self._pause, self._until = self.first, 0.0

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
        threading.Thread(target=self.probe, name=f"probe-{self.name}", daemon=True).start()
        return False

    def probe(self) -> None:
        """Ask the server something cheap, and close or stay open."""
        try:
            self._probe()
        except Exception as error:  # a probe that fails, however it fails, is an answer
            logger.info("%s is still away: %s", self.name, type(error).__name__)
            self.failed()
        else:
            self.succeeded()

    def succeeded(self) -> None:
        """The server answered."""
        with self._lock:
            if self._state is not State.CLOSED:
                logger.warning("%s is back", self.name)
            self._state, self._failures, self._pause = State.CLOSED, 0, self.first

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
