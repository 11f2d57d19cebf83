"""A storage of documents of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import storages


@contextmanager
def documents_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the files of documents in `folder` while the test runs."""
    monkeypatch.setattr(storages["documents"], "_location", str(folder))
    _forget()
    try:
        yield
    finally:
        _forget()


def _forget() -> None:
    """Let the storage look again where it is."""
    for cached in ("base_location", "location"):
        storages["documents"].__dict__.pop(cached, None)
