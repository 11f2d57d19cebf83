"""The audit cannot be changed or deleted: not by the ORM, not by the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from coalitions.network import audit
from coalitions.network.models import AuditEntry
from coalitions.network.models.audit import AuditIsAppendOnly
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return audit.record("test.done", acting_user=None, thing=worlds.make_organisation())


def test_the_orm_refuses(entry):
    entry.verb = "test.other"
    with pytest.raises(AuditIsAppendOnly):
        entry.save()
    with pytest.raises(AuditIsAppendOnly):
        entry.delete()
    with pytest.raises(AuditIsAppendOnly):
        AuditEntry.objects.update(verb="x")
    with pytest.raises(AuditIsAppendOnly):
        AuditEntry.objects.all().delete()
    with pytest.raises(AuditIsAppendOnly):
        AuditEntry.objects.bulk_update([entry], ["verb"])
    with pytest.raises((AuditIsAppendOnly, DatabaseError)), transaction.atomic():
        AuditEntry._base_manager.filter(pk=entry.pk).update(verb="x")
    entry.refresh_from_db()
    assert entry.verb == "test.done"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE network_auditentry SET verb = 'x'",
        "DELETE FROM network_auditentry",
        "UPDATE network_auditentry SET actor = NULL WHERE verb = 'test.done'",
    ],
)
def test_the_database_refuses(entry, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.filter(verb="test.done").count() == 1


def test_a_replacing_insert_is_refused_too(entry):
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO network_auditentry (id, uuid, at, verb, object_kind, details)"
            " VALUES (%s, %s, '2026-01-01', 'x', 'y', '{}')",
            [entry.pk, "0" * 32],
        )
    assert AuditEntry.objects.filter(verb="test.done").count() == 1
