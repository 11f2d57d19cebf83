"""Whether the portal can do its work: asked by load balancers, explained to operators.

Invariant: only the database and the storage of documents decide about readiness, because without
them no page can be answered. Trouble of the search engine, the broker, the outbox or the virus
scanner leaves the portal up, and is told to operators alone: a stranger learns one word.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.http import HttpRequest

from coalitions.documents import scanner_health
from search import health as search_health

# Probes come from anybody: the answer is worked out at most this often per process.
KEPT_S = 3.0
BROKER_TIMEOUT_S = 1.0


@dataclass(frozen=True)
class Finding:
    """What one part answered, and how long it took."""

    ok: bool
    milliseconds: int
    detail: str = ""


class _Kept:
    """The last readiness, so that many probes cost one look."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: dict[str, Finding] = {}
        self._until = 0.0

    def get(self) -> dict[str, Finding]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = {
                    "database": _look(_database),
                    "storage": _look(_storage),
                }
                self._until = time.monotonic() + KEPT_S
            return self._found

    def forget(self) -> None:
        with self._lock:
            self._until = 0.0


_kept = _Kept()


def essentials() -> dict[str, Finding]:
    """Return the state of what every page needs: database and storage."""
    return _kept.get()


def forget() -> None:
    """Look again at the next question."""
    _kept.forget()


def particulars() -> dict[str, Finding]:
    """Return the state of what the portal can be up without: engine, broker, scanner…"""
    found = {
        "search_engine": _look(search_health.engine),
        "broker": _look(_broker),
        "outbox": _look(search_health.outbox),
        "search_drift": _look(search_health.drift),
    }
    if settings.CLAMD_URL:
        found["virus_scanner"] = _look(scanner_health.scanner)
        found["virus_scans"] = _look(scanner_health.scans)
    return found


def as_json(findings: dict[str, Finding]) -> dict[str, dict[str, object]]:
    """Return findings as plain values."""
    return {name: asdict(finding) for name, finding in findings.items()}


def is_operator(request: HttpRequest) -> bool:
    """Say whether the details may be told: to the operator's token, or a superuser on loopback."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.OPERATOR_TOKEN
    if expected and scheme.lower() == "bearer":
        return hmac.compare_digest(token.strip().encode(), expected.encode())
    user = getattr(request, "user", None)
    return _is_loopback(request) and user is not None and user.is_active and user.is_superuser


def _is_loopback(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _look(check: Callable[[], str]) -> Finding:
    """Run one check. Whatever it raises is a finding: a health page must not fail itself."""
    started = time.monotonic()
    try:
        ok, detail = True, check()
    except Exception as error:
        ok, detail = False, type(error).__name__
    return Finding(ok, round((time.monotonic() - started) * 1000), detail)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def _storage() -> str:
    storage = storages["documents"]
    name = storage.save(f"probe/{uuid.uuid4()}", ContentFile(b"ready"))
    storage.delete(name)
    return type(storage).__name__


def _broker() -> str:
    if settings.REDIS_URL:
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=BROKER_TIMEOUT_S,
            socket_timeout=BROKER_TIMEOUT_S,
        )
        with client:
            client.ping()
        return "redis"
    probe = Path(settings.BROKER_DIR) / f"probe-{uuid.uuid4()}"
    probe.touch()
    probe.unlink()
    return "filesystem"
