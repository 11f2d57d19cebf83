"""Two who decide at one moment: one act counts, and the later one is told."""

import pytest

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.models import Document, ShareRequest
from coalitions.documents.services import LiftRefused, RequestRefused
from tests import worlds
from tests.at_once import at_once, real_connections
from tests.documents.conftest import World

__all__ = ["real_connections"]

pytestmark = pytest.mark.usefixtures("real_connections")
REFUSALS = (RequestRefused, LiftRefused, NotAllowed)


@pytest.fixture
def document(world: World) -> Document:
    return worlds.make_document(world.workspace, world.owner, rung="workspace")


def ask(world: World, document: Document) -> ShareRequest:
    return services.ask_to_share(
        acting_user=world.reader, document=document, rung="network", reason="Needed."
    )


def test_one_grants_and_one_refuses(world: World, document: Document) -> None:
    second, request = worlds.make_person(world.owner, "administrator"), ask(world, document)
    refusals = at_once(
        lambda: services.grant_request(acting_user=world.editor, request=request),
        lambda: services.refuse_request(acting_user=second, request=request, note="No."),
        refused=REFUSALS,
    )
    assert [str(refusal) for refusal in refusals] == ["answered"]
    request.refresh_from_db()
    assert document.audiences.in_force().count() == 1
    rung = document.audiences.in_force().get().rung
    assert (request.outcome, rung) in {("granted", "network"), ("refused", "workspace")}


def test_one_grants_and_one_steps_back(world: World, document: Document) -> None:
    second, request = worlds.make_person(world.owner, "administrator"), ask(world, document)
    at_once(
        lambda: services.grant_request(acting_user=world.editor, request=request),
        lambda: services.share_document(acting_user=second, document=document, rung="organisation"),
        refused=REFUSALS,
    )
    request.refresh_from_db()
    assert document.audiences.in_force().get().rung == "organisation"
    assert document.audiences.filter(until=None).count() == 1
    assert request.outcome in {"granted", "overtaken"}


def test_somebody_asks_twice(world: World, document: Document) -> None:
    refusals = at_once(lambda: ask(world, document), lambda: ask(world, document), refused=REFUSALS)
    assert [str(refusal) for refusal in refusals] == ["asked"]
    assert ShareRequest.objects.count() == 1


def test_two_confirm_and_one_takes_back(world: World, document: Document) -> None:
    second = worlds.make_person(world.owner, "administrator")
    services.mark_child_data(acting_user=world.editor, document=document)
    lift = services.propose_lift(acting_user=world.editor, document=document, reason="Nobody.")
    refusals = at_once(
        lambda: services.confirm_lift(acting_user=second, lift=lift),
        lambda: services.refuse_lift(acting_user=world.editor, lift=lift),
        refused=REFUSALS,
    )
    assert [str(refusal) for refusal in refusals] == ["over"]
    lift.refresh_from_db()
    sealed = document.audiences.in_force().get().child_data
    assert (lift.outcome, sealed) in {("confirmed", False), ("withdrawn", True)}
