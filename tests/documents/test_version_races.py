"""Two people at one moment: versions are both kept, a reservation is had by one."""

import pytest

from coalitions.documents import services
from coalitions.documents.models import Document, Reservation
from coalitions.documents.services import DocumentReserved, VersionRefused
from tests.at_once import at_once, real_connections
from tests.documents import files
from tests.documents.conftest import World

__all__ = ["real_connections"]

pytestmark = pytest.mark.usefixtures("real_connections")


def test_two_add_a_version_at_one_moment(world: World, document: Document) -> None:
    def add(person: str) -> None:
        services.add_version(
            acting_user=getattr(world, person),
            document=Document.objects.get(pk=document.pk),
            content=files.content(files.pdf(f"By the {person}")),
            name=f"{person}.pdf",
        )

    people = ("contributor", "editor", "contributor", "editor")
    acts = [lambda person=person: add(person) for person in people]
    assert not at_once(*acts, refused=())
    numbers = list(document.versions.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4, 5]
    document.refresh_from_db()
    assert document.current_version is not None
    assert document.current_version.number == 5


def test_two_restore_at_one_moment(world: World, document: Document) -> None:
    services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(files.pdf("Second")),
        name="x.pdf",
    )

    def restore(person: str) -> None:
        services.restore_version(
            acting_user=getattr(world, person), document=document, number=1, seen=2
        )

    refusals = at_once(
        lambda: restore("contributor"), lambda: restore("editor"), refused=VersionRefused
    )
    assert [str(refusal) for refusal in refusals] == ["meanwhile"]
    assert document.versions.count() == 3


def test_a_reservation_taken_by_two_at_one_moment(world: World, document: Document) -> None:
    def reserve(person: str) -> None:
        services.reserve_document(acting_user=getattr(world, person), document=document, hours=2)

    refusals = at_once(
        lambda: reserve("contributor"), lambda: reserve("editor"), refused=DocumentReserved
    )
    assert len(refusals) == 1
    held = Reservation.objects.in_force().get()
    assert held.person in {world.contributor, world.editor}


def test_a_version_and_a_reservation_at_one_moment(world: World, document: Document) -> None:
    """Whichever comes first: no version is added by another while one holds the document."""

    def reserve() -> None:
        services.reserve_document(acting_user=world.contributor, document=document, hours=2)

    def add() -> None:
        services.add_version(
            acting_user=world.editor,
            document=document,
            content=files.content(files.pdf("Mine")),
            name="mine.pdf",
        )

    refusals = at_once(reserve, add, refused=DocumentReserved)
    held = Reservation.objects.in_force().get()
    late = document.versions.filter(number=2, created__gt=held.since)
    assert not late.exists()
    assert document.versions.count() == 2 - len(refusals)
