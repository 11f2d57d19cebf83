"""Many documents hidden by one act: the index is left as by hiding them one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coalitions.access import STRANGER
from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.documents.signals import document_changed, documents_changed
from coalitions.network.viewers import viewer_for
from search import hiding, outbox
from search.models import Entry, EntryFacet, EntryLabel, Feed, OutboxRow, Withheld
from search.models.words import Head
from search.service import find
from tests import worlds

pytestmark = pytest.mark.django_db


class Shelf:
    """A folder with documents on each rung, all of them in the index."""

    def __init__(self) -> None:
        self.owner = worlds.make_organisation()
        workspace = worlds.make_workspace(worlds.make_coalition(self.owner))
        self.member = worlds.make_person(self.owner)
        worlds.join(workspace, self.member, self.owner, "coordinator")
        self.folder = services.make_folder(
            acting_user=self.member, workspace=workspace, name="Plans"
        )
        for rung in ("organisation", "workspace", "coalition", "network", "public"):
            worlds.make_document(
                workspace,
                self.owner,
                by=self.member,
                rung=rung,
                folder=self.folder,
                title="Shelter lanterns",
                pages=("alpha",),
            )
        self.documents = list(Document.objects.order_by("pk"))
        documents_changed.send(sender=Document, documents=self.documents, audience_tightened=False)
        outbox.drain()

    def trash_rows(self, *documents: Document) -> None:
        keys = [document.pk for document in documents or self.documents]
        Document.objects.filter(pk__in=keys).update(trashed=timezone.now())


def state() -> dict[str, Any]:
    """What the index holds that decides who finds what."""
    return {
        "labels": sorted(EntryLabel.objects.values_list("entry__ref", "label")),
        "facets": sorted(EntryFacet.objects.values_list("entry__ref", "name", "value")),
        "heads": sorted(Head.objects.values_list("label", "word", "entry")),
        "entries": sorted(Entry.objects.values_list("ref", "fingerprint")),
        "withheld": sorted(Withheld.objects.values_list("kind", "key", "ref", "labels")),
        "owed": sorted(set(OutboxRow.objects.values_list("engine", "kind", "key"))),
    }


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("trashed", [5, 3, 0])
def test_the_same_is_left_as_one_by_one(beside: bool, trashed: int) -> None:
    shelf = Shelf()
    if beside:
        Feed.objects.create(name="elasticsearch")
    states = []
    for many in (False, True):
        with transaction.atomic():
            if trashed:
                shelf.trash_rows(*shelf.documents[:trashed])
            if many:
                documents_changed.send(
                    sender=Document, documents=shelf.documents, audience_tightened=True
                )
            else:
                for document in shelf.documents:
                    document_changed.send(
                        sender=Document, document=document, audience_tightened=True
                    )
            states.append(state())
            transaction.set_rollback(True)
    assert states[0] == states[1]
    held = {ref for ref, _label in states[0]["labels"] if ref.startswith("document:")}
    assert len(held) == 5 - trashed


def test_nobody_finds_what_went_with_a_folder_and_the_worker_brings_it_back() -> None:
    shelf = Shelf()
    viewer = viewer_for(shelf.member)
    assert find(viewer, "lanterns").total == 5
    services.trash_folder(acting_user=shelf.member, folder=shelf.folder, revision=1)
    for who in (viewer, STRANGER):
        assert find(who, "lanterns").total == find(who, "alpha").total == 0
    outbox.drain()
    assert not Entry.objects.filter(ref__startswith="document:").exists()
    services.restore_folder(acting_user=shelf.member, folder=shelf.folder)
    outbox.drain()
    assert find(viewer, "lanterns").total == 5
    assert find(STRANGER, "lanterns").total == 1


def test_a_worker_who_read_before_is_too_late() -> None:
    shelf = Shelf()
    entries = Entry.objects.filter(ref__startswith="document:")
    before = dict(entries.values_list("ref", "version"))
    services.trash_folder(acting_user=shelf.member, folder=shelf.folder, revision=1)
    for ref, version in entries.values_list("ref", "version"):
        assert version > before[ref]


def test_the_number_of_statements_does_not_grow_with_the_documents() -> None:
    shelf = Shelf()
    shelf.trash_rows()
    Document.objects.filter(pk=shelf.documents[-1].pk).update(trashed=None)
    keys = sorted(str(document.uuid) for document in shelf.documents[:-1])
    with CaptureQueriesContext(connection) as four:
        hiding.tighten_documents(keys)
    with CaptureQueriesContext(connection) as one:
        hiding.tighten_documents(keys[:1])
    assert len(four) == len(one)
