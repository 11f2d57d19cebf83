"""An organisation leaves while somebody does something with its documents at the same moment."""

import pytest
from django.core.files.base import ContentFile

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.models import Document, FormerPlace
from coalitions.documents.services import NotOnLadder
from coalitions.network.models import CoalitionMembership, Workspace
from coalitions.network.services import (
    Refused,
    end_coalition_membership,
    hand_over_lead,
    place_person,
)
from portal.accounts.models import User
from tests import worlds
from tests.at_once import at_once, real_connections
from tests.documents.conftest import World

__all__ = ["real_connections"]

pytestmark = pytest.mark.usefixtures("real_connections")
REFUSALS = (NotAllowed, NotOnLadder, Refused)


@pytest.fixture
def lead(world: World) -> User:
    """The owner of the documents is a guest whose documents go; the partner leads."""
    hand_over_lead(world.coalition, world.partner, acting_user=None, as_system=True)
    CoalitionMembership.objects.filter(organisation=world.owner).update(on_leaving="go")
    return worlds.make_person(world.partner, "administrator")


@pytest.fixture
def document(world: World) -> Document:
    return worlds.make_document(world.workspace, world.owner, rung="workspace")


def leave(world: World, lead: User) -> None:
    end_coalition_membership(world.coalition, world.owner, acting_user=lead)


def left_behind(world: World) -> int:
    return Document.objects.filter(owner=world.owner, workspace=world.workspace).count()


def test_what_is_added_meanwhile_goes_along_or_is_not_added(world: World, lead: User) -> None:
    worlds.make_document(world.workspace, world.owner, rung="workspace")
    at_once(
        lambda: leave(world, lead),
        lambda: services.add_document(
            acting_user=world.contributor,
            workspace=world.workspace,
            content=ContentFile(b"late"),
            name="late.txt",
        ),
        refused=REFUSALS,
    )
    assert left_behind(world) == 0
    assert Document.objects.filter(owner=world.owner).count() in (1, 2)


def test_whoever_shares_meanwhile_shares_nothing_that_went(
    world: World, lead: User, document: Document
) -> None:
    at_once(
        lambda: leave(world, lead),
        lambda: services.share_document(
            acting_user=world.editor, document=document, rung="coalition"
        ),
        refused=REFUSALS,
    )
    assert left_behind(world) == 0
    assert document.audiences.in_force().get().rung == "organisation"


def test_whoever_trashes_or_moves_meanwhile(world: World, lead: User, document: Document) -> None:
    folder = services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Put away"
    )
    at_once(
        lambda: leave(world, lead),
        lambda: services.trash_document(acting_user=world.coordinator, document=document),
        lambda: services.move_document(
            acting_user=world.coordinator, document=document, folder=folder, seen_in=None
        ),
        refused=(*REFUSALS, ValueError),
    )
    assert left_behind(world) == 0
    gone = Document.objects.select_related("folder").get(pk=document.pk)
    assert gone.folder is None or gone.folder.workspace_id == gone.workspace_id


def test_both_sides_end_it_at_once(world: World, lead: User, document: Document) -> None:
    chief = worlds.make_person(world.owner, "administrator")
    refusals = at_once(
        lambda: leave(world, lead),
        lambda: end_coalition_membership(world.coalition, world.owner, acting_user=chief),
        refused=REFUSALS,
    )
    assert len(refusals) == 1
    assert Workspace.objects.filter(organisation=world.owner).count() == 1
    assert FormerPlace.objects.filter(document=document).count() == 1


def test_two_organisations_leave_at_once(world: World, lead: User, document: Document) -> None:
    third = worlds.make_organisation()
    CoalitionMembership.objects.create(
        coalition=world.coalition, organisation=third, on_leaving="go"
    )
    theirs = worlds.make_document(world.workspace, third, rung="coalition")
    refusals = at_once(
        lambda: leave(world, lead),
        lambda: end_coalition_membership(world.coalition, third, acting_user=lead),
        refused=REFUSALS,
    )
    assert refusals == []
    for gone in (document, theirs):
        gone.refresh_from_db()
        assert gone.workspace.organisation_id == gone.owner_id


def test_whoever_is_placed_meanwhile_does_not_stay(world: World, lead: User) -> None:
    chief = worlds.make_person(world.owner, "administrator")
    at_once(
        lambda: leave(world, lead),
        lambda: place_person(
            world.workspace,
            world.colleague,
            organisation=world.owner,
            role="reader",
            acting_user=chief,
        ),
        refused=REFUSALS,
    )
    held = world.workspace.memberships.in_force().filter(organisation=world.owner)
    assert not held.exists()
