"""Child data is opened by two people of the owner, and by nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.models import ChildDataLift, Document
from coalitions.documents.services import LiftRefused
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World


@pytest.fixture
def sealed(world: World, document: Document) -> Document:
    services.mark_child_data(acting_user=world.contributor, document=document)
    return document


@pytest.fixture
def second(world: World) -> User:
    return worlds.make_person(world.owner, "administrator")


def propose(user: User, document: Document) -> ChildDataLift:
    return services.propose_lift(acting_user=user, document=document, reason="Faces are covered.")


def is_sealed(document: Document) -> bool:
    return bool(document.audiences.in_force().get().child_data)


def test_two_people_lift_it(world: World, sealed: Document, second: User) -> None:
    lift = propose(world.editor, sealed)
    assert is_sealed(sealed)
    services.confirm_lift(acting_user=second, lift=lift)
    assert not is_sealed(sealed)
    assert sealed.audiences.in_force().get().rung == "workspace"
    with pytest.raises(LiftRefused, match="over"):
        services.confirm_lift(acting_user=second, lift=lift)


def test_one_person_does_not_do(world: World, sealed: Document) -> None:
    lift = propose(world.editor, sealed)
    with pytest.raises(LiftRefused, match="same"):
        services.confirm_lift(acting_user=world.editor, lift=lift)
    with pytest.raises(LiftRefused, match="proposed"):
        propose(world.editor, sealed)
    assert is_sealed(sealed)


def test_nobody_else_has_a_part_in_it(world: World, sealed: Document) -> None:
    others = (world.contributor, world.coordinator, world.reader, world.stranger, world.colleague)
    for user in others:
        with pytest.raises(NotAllowed):
            propose(user, sealed)
    lift = propose(world.editor, sealed)
    for user in others:
        for act in (services.confirm_lift, services.refuse_lift):
            with pytest.raises(NotAllowed):
                act(acting_user=user, lift=lift)
    assert is_sealed(sealed)


def test_a_proposal_expires(world: World, sealed: Document, second: User) -> None:
    lift = propose(world.editor, sealed)
    assert lift.expires - lift.since == pytest.approx(timedelta(days=14), abs=timedelta(seconds=5))
    ChildDataLift.objects.update(expires=timezone.now())
    with pytest.raises(LiftRefused, match="over"):
        services.confirm_lift(acting_user=second, lift=lift)
    again = propose(second, sealed)
    lift.refresh_from_db()
    assert (lift.outcome, again.is_open) == ("expired", True)


def test_whoever_left_counts_no_more(world: World, sealed: Document, second: User) -> None:
    lift = propose(world.editor, sealed)
    for row in world.editor.affiliations.all():
        row.end()
    with pytest.raises(LiftRefused, match="gone"):
        services.confirm_lift(acting_user=second, lift=lift)
    assert is_sealed(sealed)
    services.refuse_lift(acting_user=second, lift=lift)
    assert propose(second, sealed).is_open


def test_refused_and_taken_back(world: World, sealed: Document, second: User) -> None:
    lift = propose(world.editor, sealed)
    services.refuse_lift(acting_user=second, lift=lift)
    lift.refresh_from_db()
    assert lift.outcome == "refused"
    lift = propose(world.editor, sealed)
    services.refuse_lift(acting_user=world.editor, lift=lift)
    lift.refresh_from_db()
    assert lift.outcome == "withdrawn"
    assert is_sealed(sealed)


def test_what_is_not_marked_needs_no_lifting(world: World, document: Document) -> None:
    with pytest.raises(LiftRefused, match="unmarked"):
        propose(world.editor, document)
