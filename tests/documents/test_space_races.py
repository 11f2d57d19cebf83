"""Two files at one moment that fit each by itself only: one is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.core.files.base import ContentFile

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.full import SpaceRefused
from coalitions.documents.models import Document, DocumentVersion, ResumableUpload, Space
from coalitions.documents.services import Chosen
from coalitions.documents.signals import space_nearly_used
from coalitions.documents.space import Place, fill_of
from coalitions.network.services import end_workspace_membership
from portal.accounts.models import User
from tests import worlds
from tests.at_once import at_once, real_connections
from tests.documents.conftest import World
from tests.documents.rooms import SIZE, add, limit

__all__ = ["real_connections"]

pytestmark = pytest.mark.usefixtures("real_connections")
ROUNDS = 3


@pytest.fixture
def second(world: World) -> User:
    person = worlds.make_person(world.owner)
    worlds.join(world.workspace, person, world.owner, "contributor")
    return person


@pytest.fixture(params=["workspace", "organisation"])
def room(request: pytest.FixtureRequest, world: World) -> Place:
    return world.workspace if request.param == "workspace" else world.owner


def adding(world: World, user: User, sign: bytes) -> Callable[[], object]:
    return partial(add, world.workspace, user, sign * SIZE)


def beginning(world: World, user: User) -> Callable[[], object]:
    chosen = Chosen(name="a.txt", length=SIZE, rung="workspace")
    return lambda: services.begin_upload(acting_user=user, workspace=world.workspace, chosen=chosen)


def test_two_documents(world: World, second: User, room: Place) -> None:
    for round_ in range(1, ROUNDS + 1):
        limit(room, round_ * SIZE + SIZE // 2)
        refused = at_once(
            adding(world, world.contributor, b"a"),
            adding(world, second, b"b"),
            refused=SpaceRefused,
        )
        assert len(refused) == 1
        assert Document.objects.count() == round_
    assert fill_of(room).used == ROUNDS * SIZE


def test_two_announcements(world: World, second: User, room: Place) -> None:
    limit(room, SIZE + SIZE // 2)
    refused = at_once(
        beginning(world, world.contributor), beginning(world, second), refused=SpaceRefused
    )
    assert len(refused) == 1
    assert ResumableUpload.objects.count() == 1


def test_a_document_and_a_version_of_another(world: World, second: User, room: Place) -> None:
    adding(world, world.contributor, b"z")()
    first = Document.objects.get()
    limit(room, 2 * SIZE + SIZE // 2)
    refused = at_once(
        adding(world, second, b"a"),
        lambda: services.add_version(
            acting_user=world.contributor,
            document=first,
            content=ContentFile(b"b" * SIZE),
            name="a.txt",
        ),
        refused=SpaceRefused,
    )
    assert len(refused) == 1
    assert DocumentVersion.objects.count() == 2


def test_files_into_two_workspaces_of_one_organisation(world: World, second: User) -> None:
    limit(world.owner, SIZE + SIZE // 2)
    other = worlds.make_workspace(world.owner)
    worlds.join(other, second, world.owner, "contributor")

    elsewhere = partial(add, other, second, b"b" * SIZE)
    refused = at_once(adding(world, world.contributor, b"a"), elsewhere, refused=SpaceRefused)
    assert len(refused) == 1
    assert Document.objects.count() == 1


def test_the_keepers_are_told_once(world: World, second: User) -> None:
    limit(world.workspace, 2 * SIZE)
    adding(world, world.contributor, b"z")()
    told: list[Place] = []

    def note(place: Place, **_more: object) -> None:
        told.append(place)

    space_nearly_used.connect(note)
    try:
        limit(world.workspace, 3 * SIZE)
        at_once(
            adding(world, world.contributor, b"a"),
            adding(world, second, b"b"),
            refused=SpaceRefused,
        )
    finally:
        space_nearly_used.disconnect(note)
    assert told == [world.workspace]
    assert Space.objects.get(workspace=world.workspace).told is not None


def test_one_adds_and_one_is_taken_out_and_one_makes_a_folder(world: World, second: User) -> None:
    """No two of these wait for each other for ever."""
    for _round in range(ROUNDS):
        person = worlds.make_person(world.owner)
        membership = worlds.join(world.workspace, person, world.owner, "contributor")
        at_once(
            adding(world, person, b"a"),
            adding(world, second, b"b"),
            lambda person=person, m=membership: end_workspace_membership(m, acting_user=person),
            lambda n=_round: services.make_folder(
                acting_user=second, workspace=world.workspace, name=f"Plans {n}"
            ),
            refused=NotAllowed,
        )
