"""A wider audience that ends by its date: found by nobody new at that instant, still by the old."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from django.utils.timezone import now as true_now

from coalitions.documents import services
from coalitions.documents.announcing import announce_begun
from coalitions.documents.models import Document
from coalitions.network.viewers import viewer_for
from search.correcting import correct
from search.service import find
from search.suggesting import suggest
from search.tasks import drain_outbox
from tests import worlds

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
