"""Sharing further for a time: it ends by itself, at its instant, on every channel."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.documents.services import WrongEnd
from coalitions.network.viewers import viewer_for
from tests.documents.conftest import World


def days(number: float) -> datetime:
    return timezone.now() + timedelta(days=number)


def share(world: World, document: Document, rung: str, until: datetime | None = None) -> None:
    services.share_document(acting_user=world.editor, document=document, rung=rung, until=until)


def course(document: Document) -> list[str]:
    """Return the rungs of today and of the coming days, one row in force at each instant."""
    edges = {timezone.now()}
    for since, until in document.audiences.values_list("since", "until"):
        edges |= {moment for moment in (since, until) if moment and moment > timezone.now()}
    rungs: list[str] = []
    for moment in sorted(edges):
        for at in (moment, moment + timedelta(microseconds=1)):
            assert document.audiences.in_force(at).count() == 1
        rung = document.audiences.in_force(moment).get().rung
        rungs += [rung] if rungs[-1:] != [rung] else []
    return rungs


def test_it_falls_back_where_it_stood(world: World, document: Document) -> None:
    share(world, document, "network", days(2))
    assert course(document) == ["network", "workspace"]
    later = days(3)
    assert document.audiences.in_force(later).get().rung == "workspace"
    assert viewer_for(world.stranger).sees({"network"})
    assert Document.objects.visible_to(viewer_for(world.stranger)).count() == 1
    document.audiences.filter(rung="network").update(until=timezone.now())
    document.audiences.filter(rung="workspace", until=None).update(since=timezone.now())
    assert not Document.objects.visible_to(viewer_for(world.stranger)).exists()
    assert Document.objects.visible_to(viewer_for(world.reader)).exists()


def test_a_further_step_on_top_falls_back_rung_by_rung(world: World, document: Document) -> None:
    share(world, document, "coalition", days(5))
    share(world, document, "network", days(2))
    assert course(document) == ["network", "coalition", "workspace"]


def test_what_was_planned_and_given_up_never_begins(world: World, document: Document) -> None:
    share(world, document, "coalition")
    share(world, document, "network", days(2))
    share(world, document, "workspace")
    share(world, document, "network", days(5))
    assert course(document) == ["network", "workspace"]
    share(world, document, "workspace")
    share(world, document, "network", days(2))
    share(world, document, "organisation")
    services.mark_child_data(acting_user=world.editor, document=document)
    assert course(document) == ["organisation"]


def test_a_longer_step_on_top_covers_the_shorter(world: World, document: Document) -> None:
    share(world, document, "coalition", days(2))
    share(world, document, "network", days(5))
    assert course(document) == ["network", "workspace"]


def test_the_end_is_changed_and_taken_away(world: World, document: Document) -> None:
    share(world, document, "network", days(2))
    share(world, document, "network", days(9))
    assert course(document) == ["network", "workspace"]
    assert document.audiences.in_force(days(8)).get().rung == "network"
    share(world, document, "network", days(1))
    assert document.audiences.in_force(days(1.5)).get().rung == "workspace"
    share(world, document, "network")
    assert course(document) == ["network"]


def test_a_step_back_keeps_what_leads_further_back(world: World, document: Document) -> None:
    share(world, document, "network", days(2))
    share(world, document, "coalition")
    assert course(document) == ["coalition", "workspace"]
    share(world, document, "organisation")
    assert course(document) == ["organisation"]


def test_child_data_seals_what_is_to_come(world: World, document: Document) -> None:
    share(world, document, "organisation")
    share(world, document, "network", days(2))
    services.mark_child_data(acting_user=world.editor, document=document)
    assert course(document) == ["workspace", "organisation"]
    assert not document.audiences.filter(until=None, child_data=False).exists()


@pytest.mark.parametrize(
    ("rung", "until"), [("network", -1), ("workspace", 2), ("organisation", 2)]
)
def test_wrong_ends(world: World, document: Document, rung: str, until: float) -> None:
    with pytest.raises(WrongEnd):
        share(world, document, rung, days(until))
    assert course(document) == ["workspace"]


def test_what_was_planned_and_never_began_stays_on_record(world: World, document: Document) -> None:
    share(world, document, "network", days(2))
    share(world, document, "workspace")
    planned = [row for row in document.audiences.all() if row.since == row.until]
    assert [row.rung for row in planned] == ["workspace"]
    assert not document.audiences.filter(planned=True).exists()
