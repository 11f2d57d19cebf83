"""A wider audience that ends by its date: found by nobody new at that instant, still by the old."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.timezone import now as true_now

from coalitions.documents import services
from coalitions.documents.announcing import announce_begun
from coalitions.documents.models import Document, DocumentAudience
from coalitions.documents.signals import document_changed
from coalitions.network.viewers import viewer_for
from search import withholding
from search.correcting import correct, correct_within
from search.indexed import ref_of
from search.service import SearchUnavailable, find
from search.suggesting import suggest
from search.tasks import drain_outbox
from tests import worlds
from tests.knowledge.makers import make_site

pytestmark = pytest.mark.django_db


def test_it_ends_at_its_instant(monkeypatch: pytest.MonkeyPatch, rf) -> None:
    owner, outside = worlds.make_organisation(), worlds.make_organisation()
    place = worlds.make_workspace(owner)
    editor, stranger = worlds.make_person(owner, "editor"), worlds.make_person(outside)
    document = worlds.make_document(
        place, owner, title="Lantern", pages=("A kestrel over the field",), rung="organisation"
    )
    services.share_document(
        acting_user=editor,
        document=document,
        rung="public",
        until=true_now() + timedelta(hours=1),
    )
    drain_outbox()

    def found(person: object | None) -> tuple[int, int]:
        viewer = viewer_for(person)
        answer = find(viewer, "kestrel")
        return answer.total, len(suggest(viewer, "lante", rf.get("/")))

    assert [found(person) for person in (editor, stranger, None)] == [(1, 1)] * 3
    later = true_now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert not Document.objects.visible_to(viewer_for(stranger)).exists()
    assert [found(person) for person in (editor, stranger, None)] == [(1, 1), (0, 0), (0, 0)]
    assert announce_begun() == 1
    assert announce_begun() == 0
    assert [found(person) for person in (editor, stranger, None)] == [(1, 1), (0, 0), (0, 0)]
    drain_outbox()
    assert [found(person) for person in (editor, stranger, None)] == [(1, 1), (0, 0), (0, 0)]


def test_what_its_owner_decides_before_the_end_is_announced_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, rf: RequestFactory
) -> None:
    owner, outside = worlds.make_organisation(), worlds.make_organisation()
    place = worlds.make_workspace(owner)
    editor, stranger = worlds.make_person(owner, "editor"), worlds.make_person(outside)
    worlds.join(place, editor, owner)
    document = worlds.make_document(
        place, owner, title="Lantern", pages=("A kestrel over the field",), rung="organisation"
    )
    services.share_document(
        acting_user=editor, document=document, rung="public", until=true_now() + timedelta(hours=1)
    )
    drain_outbox()
    later = true_now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    services.share_document(acting_user=editor, document=document, rung="workspace")
    for person in (stranger, None):
        viewer = viewer_for(person)
        assert find(viewer, "kestrel").total == 0
        assert correct(viewer, "kestrle", {}) == ""
        assert suggest(viewer, "lante", rf.get("/")) == []
    assert find(viewer_for(editor), "kestrel").total == 1


def ended(monkeypatch: pytest.MonkeyPatch, number: int) -> list[Document]:
    """Public documents that are public no longer, which nobody was told of yet."""
    owner = worlds.make_organisation()
    place, editor = worlds.make_workspace(owner), worlds.make_person(owner, "editor")
    documents = [
        worlds.make_document(
            place, owner, title="Lantern", pages=("A kestrel over the field",), rung="organisation"
        )
        for _ in range(number)
    ]
    end = true_now() + timedelta(hours=1)
    for document in documents:
        services.share_document(acting_user=editor, document=document, rung="public", until=end)
    drain_outbox()
    later = true_now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    return documents


def test_more_ends_than_can_be_left_out_are_refused_and_not_cut(
    monkeypatch: pytest.MonkeyPatch, client: Client, rf: RequestFactory
) -> None:
    make_site()
    documents = ended(monkeypatch, 3)
    stranger = viewer_for(None)
    monkeypatch.setattr(withholding, "MOST", 2)
    for ask in (
        lambda: find(stranger, "kestrel"),
        lambda: suggest(stranger, "lante", rf.get("/")),
    ):
        with pytest.raises(SearchUnavailable):
            ask()
    assert correct(stranger, "kestrle", {}) == ""
    assert correct_within(stranger, ref_of("document", documents[0].uuid), "kestrle") == ""
    for path, status in (("search/", 503), ("search/suggest/", 200)):
        answer = client.get(f"/en/{path}", {"q": "kestrel"})
        assert answer.status_code == status
        assert b"Lantern" not in answer.content
    monkeypatch.setattr(withholding, "MOST", 3)
    assert find(stranger, "kestrel").total == 0
    monkeypatch.setattr(withholding, "MOST", 2)
    announce_begun()
    assert find(stranger, "kestrel").total == 0


def test_a_row_that_cannot_be_told_of_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    documents = ended(monkeypatch, 3)
    bad = documents[0]

    def refuse(document: Document, **_: object) -> None:
        if document.pk == bad.pk:
            raise ValueError("Lantern")

    document_changed.connect(refuse)
    try:
        assert announce_begun() == 2
    finally:
        document_changed.disconnect(refuse)
    left = DocumentAudience.objects.filter(planned=True, since__lte=timezone.now()).get()
    assert left.document_id == bad.pk
    (record,) = [r for r in caplog.records if "was not announced" in r.message]
    assert record.message == f"Audience {left.pk} of document {bad.pk} was not announced"
    assert announce_begun() == 1
