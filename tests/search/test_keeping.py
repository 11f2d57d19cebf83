"""The index follows the database: through the outbox, and at once where sight is lost."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from coalitions.access import STRANGER
from coalitions.documents.models import Document, DocumentAudience, DocumentPage
from coalitions.documents.signals import document_changed
from coalitions.network.models import Organisation
from coalitions.network.signals import organisation_changed
from coalitions.network.viewers import viewer_for
from search import outbox
from search.correcting import correct
from search.engines import embedded as engine
from search.engines.base import Access
from search.models import Entry, OutboxRow
from search.query import parse
from search.service import find
from tests import worlds
from tests.knowledge.makers import make_article, make_site
from tests.search.contract import document

pytestmark = pytest.mark.django_db


def refs(text: str, labels: frozenset[str]) -> set[str]:
    found = engine().search(parse(text).query, Access.for_labels(labels))
    return {hit.ref for hit in found.hits}


def changed(document: Document, *, tightened: bool = False) -> None:
    with transaction.atomic():
        document_changed.send(sender=Document, document=document, audience_tightened=tightened)


def share(report: Document, rung: str) -> None:
    report.audiences.get(until__isnull=True).end()
    DocumentAudience.objects.create(
        document=report,
        rung=rung,
        decided_by=report.created_by,
        organisation=report.owner,
        since=timezone.now(),
    )


@pytest.fixture
def world() -> Any:
    owner, other = worlds.make_organisation("Owner"), worlds.make_organisation("Other")
    workspace = worlds.make_workspace(worlds.make_coalition(owner, other))
    member = worlds.make_person(owner)
    report = worlds.make_document(
        workspace,
        owner,
        by=member,
        title="Shelter report",
        rung="coalition",
        pages=("alpha", "beta"),
    )
    changed(report)
    outbox.drain()
    colleague = worlds.make_person(other)
    return mock.Mock(
        document=report,
        ref=f"document:{report.uuid}",
        owner=owner,
        mine=viewer_for(member).labels,
        theirs=viewer_for(colleague).labels,
    )


def test_a_change_is_noted_and_drained(world: Any) -> None:
    assert refs("shelter", world.mine) == {world.ref}
    Document.objects.filter(pk=world.document.pk).update(title="Handbook")
    changed(world.document)
    assert OutboxRow.objects.count() == 1
    assert refs("shelter", world.mine) == {world.ref}
    assert outbox.drain() == 1
    assert OutboxRow.objects.count() == 0
    assert refs("handbook", world.mine) == {world.ref}
    assert refs("shelter", world.mine) == set()


def test_pages_and_reference_are_found(world: Any) -> None:
    found = engine().search(parse("beta").query, Access.for_labels(world.mine))
    assert [hit.page for hit in found.hits] == [2]
    assert refs(world.document.reference, world.mine) == {world.ref}


def test_a_rolled_back_change_leaves_nothing(world: Any) -> None:
    with transaction.atomic():
        share(world.document, "organisation")
        document_changed.send(sender=Document, document=world.document, audience_tightened=True)
        assert refs("shelter", world.theirs) == set()
        transaction.set_rollback(True)
    assert OutboxRow.objects.count() == 0
    assert refs("shelter", world.theirs) == {world.ref}


def test_a_tightened_audience_holds_before_the_worker_comes(world: Any) -> None:
    share(world.document, "organisation")
    changed(world.document, tightened=True)
    assert refs("shelter", world.theirs) == set()
    assert refs("shelter", world.mine) == {world.ref}
    Document.objects.filter(pk=world.document.pk).update(trashed=timezone.now())
    world.document.refresh_from_db()
    changed(world.document, tightened=True)
    assert refs("shelter", world.mine) == set()
    outbox.drain()
    assert world.ref not in engine().held()


@pytest.fixture
def expiring() -> Any:
    make_site()
    article = make_article(
        "public", title="Vanishing kestrel", expire_at=timezone.now() + timedelta(days=30)
    )
    make_article("public", title="Other kestrel")
    outbox.drain()
    assert told() == (2, 2, [2], "vanishing")
    return article


def told() -> tuple[int, int, list[int], str]:
    """Total, exact, the counts of a facet, and a correction: all that a stranger is told."""
    found = find(STRANGER, "kestrel")
    assert found.dropped == 0
    counts = [value.count for value in found.results.facets["kind"]]
    return found.total, found.results.exact, counts, correct(STRANGER, "vanishign", {})


def test_an_end_brought_forward_holds_before_the_worker_comes(expiring: Any) -> None:
    expiring.expire_at = timezone.now() + timedelta(seconds=1)
    expiring.save()
    assert told() == (2, 2, [2], "vanishing")
    time.sleep(max(0.0, (expiring.expire_at - timezone.now()).total_seconds()) + 0.01)
    assert told() == (1, 1, [1], "")


def test_an_end_put_back_before_the_worker_comes(expiring: Any) -> None:
    former = expiring.expire_at
    expiring.expire_at = timezone.now()
    expiring.save()
    assert told() == (1, 1, [1], "")
    expiring.expire_at = former
    expiring.save()
    outbox.drain()
    assert told() == (2, 2, [2], "vanishing")


def test_the_end_of_a_documents_audience_brought_forward(world: Any) -> None:
    now = timezone.now()
    world.document.audiences.update(until=now + timedelta(seconds=1))
    changed(world.document, tightened=True)
    assert refs("shelter", world.mine) == {world.ref}
    assert Entry.objects.get(ref=world.ref).until == now + timedelta(seconds=1)


def test_a_wider_audience_comes_without_new_analysis(world: Any) -> None:
    share(world.document, "public")
    changed(world.document)
    with mock.patch("search.records.analyse", side_effect=AssertionError):
        outbox.drain()
    assert refs("shelter", frozenset({"public"})) == {world.ref}


def test_an_organisation_leaves_the_public_directory(world: Any) -> None:
    organisation_changed.send(sender=Organisation, organisation=world.owner)
    outbox.drain()
    assert refs("owner", frozenset({"public"})) == {f"organisation:{world.owner.uuid}"}
    world.owner.listed = False
    world.owner.save()
    organisation_changed.send(sender=Organisation, organisation=world.owner)
    assert refs("owner", frozenset({"public"})) == set()
    outbox.drain()
    assert refs("owner", frozenset({"network"})) == {f"organisation:{world.owner.uuid}"}


def test_failures_pause_and_are_set_aside(world: Any) -> None:
    changed(world.document)
    now = timezone.now()
    with mock.patch("search.outbox.look", side_effect=OSError("text of a page")):
        for attempt in range(1, 11):
            OutboxRow.objects.update(next_try=now)
            assert outbox.drain() == 0
            row = OutboxRow.objects.get()
            assert (row.attempts, row.failure, row.set_aside) == (attempt, "OSError", attempt == 10)
            assert row.next_try > timezone.now()
    OutboxRow.objects.update(next_try=now)
    assert outbox.drain() == 0
    changed(world.document)
    assert outbox.drain() == 1
    assert OutboxRow.objects.count() == 0


def test_one_object_in_trouble_does_not_stop_the_others(world: Any) -> None:
    OutboxRow.objects.create(kind="nothing-known", key="x")
    changed(world.document)
    assert outbox.drain() == 1
    assert OutboxRow.objects.get().attempts == 1


def test_verify_and_repair_find_drift_both_ways(world: Any) -> None:
    call_command("search_rebuild", stdout=StringIO())
    call_command("search_verify", stdout=StringIO())
    DocumentPage.objects.filter(version__document=world.document, number=1).update(text="gamma")
    Organisation.objects.filter(pk=world.owner.pk).update(listed=False)
    ghost = "00000000-0000-4000-8000-000000000000"
    engine().index([replace(document(f"document:{ghost}", "ghost"), family=ghost)])
    OutboxRow.objects.all().delete()
    with pytest.raises(CommandError):
        call_command("search_verify", stdout=StringIO())
    out = StringIO()
    call_command("search_verify", "--repair", stdout=out)
    assert "0 missing, 1 with old text, 1 with other labels, 1 that should not be there" in (
        out.getvalue()
    )
    assert refs("ghost", frozenset({"public"})) == set()
    assert refs("gamma", world.mine) == {world.ref}
    call_command("search_verify", stdout=StringIO())


def test_rebuild_makes_an_index_from_nothing(world: Any) -> None:
    engine().clear()
    out = StringIO()
    call_command("search_rebuild", stdout=out)
    assert "3 records" in out.getvalue()
    assert refs("shelter", world.theirs) == {world.ref}
