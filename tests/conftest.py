"""Shared fixtures. The audit's triggers are lifted here, for the flush of a test database alone."""

import os
from collections.abc import Iterator

import pytest
from django.core.management.commands import flush as flush_command
from django.db import connections

from coalitions.network.append_only import forbid_changes, lift

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
AUDIT_TABLE = "network_auditentry"


@pytest.fixture(scope="session", autouse=True)
def _audit_can_be_flushed() -> Iterator[None]:
    """Let Django empty the test database between transactional tests."""
    original = flush_command.Command.handle

    def handle(self: object, **options: object) -> None:
        connection = connections[str(options.get("database", "default"))]
        lift(connection, AUDIT_TABLE)
        try:
            original(self, **options)
        finally:
            forbid_changes(connection, AUDIT_TABLE)

    flush_command.Command.handle = handle  # type: ignore[method-assign]
    yield
    flush_command.Command.handle = original  # type: ignore[method-assign]
