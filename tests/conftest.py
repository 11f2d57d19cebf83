"""Shared fixtures. Triggers are lifted here, for the flush of a test database alone."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import flush as flush_command
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from coalitions.network.append_only import forbid_changes, lift
from search import watching
from tests.template_database import copy_for_worker

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
AUDIT_TABLE = "network_auditentry"


@pytest.fixture(autouse=True)
def _usual_language() -> None:
    """Begin in the usual language: a request of an earlier test leaves its own to the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def _audit_can_be_flushed() -> Iterator[None]:
    """Let Django empty the test database between transactional tests."""
    original = flush_command.Command.handle

    def handle(self: object, **options: object) -> None:
        connection = connections[str(options.get("database", "default"))]
        lift(connection, AUDIT_TABLE)
        # Rows that are emptied away are no changes to be noted.
        watching.lift(connection)
        try:
            original(self, **options)
        finally:
            forbid_changes(connection, AUDIT_TABLE)
            watching.install(connection)

    flush_command.Command.handle = handle  # type: ignore[method-assign]
    yield
    flush_command.Command.handle = original  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Give each worker a copy of the migrated database; PostgreSQL is migrated as usual."""
    if connection.vendor != "sqlite":
        with django_db_blocker.unblock():
            made = setup_databases(verbosity=0, interactive=False)
        yield
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)
        return
    path = copy_for_worker(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    with django_db_blocker.unblock():
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(path)
    yield
    with django_db_blocker.unblock():
        connection.close()
    shutil.rmtree(path.parent, ignore_errors=True)
