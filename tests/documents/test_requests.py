"""Asking for a step up and answering: who may, who may not, and two who answer at once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.utils import timezone

from coalitions.access import NotAllowed, Rung
from coalitions.documents import services
from coalitions.documents.announcing import announce_begun
from coalitions.documents.models import Document, ShareRequest
from coalitions.documents.services import NotOnLadder, RequestRefused
from coalitions.documents.services.requests import MOST_AN_HOUR
from coalitions.network.models import AuditEntry
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World

REASON = "The annual report needs it."


def ask(user: User | AnonymousUser, document: Document, rung: str = "coalition") -> ShareRequest:
    return services.ask_to_share(
        acting_user=user, document=document, rung=rung, reason=f" {REASON} "
    )


def rung_of(document: Document) -> str:
    return str(document.audiences.in_force().get().rung)


def test_whoever_sees_a_document_asks_once_for_each_rung(world: World, document: Document) -> None:
    request = ask(world.reader, document)
    assert (request.reason, request.organisation) == (REASON, world.partner)
    with pytest.raises(RequestRefused, match="asked"):
        ask(world.reader, document)
    ask(world.reader, document, "network")
    ask(world.coordinator, document)
    assert ShareRequest.objects.filter(until=None).count() == 3
    assert rung_of(document) == "workspace"
    entry = AuditEntry.objects.filter(verb="request.made").first()
    assert entry is not None
    assert entry.object_uuid == request.uuid
    assert REASON not in str(entry.details)


def test_whoever_does_not_see_it_asks_for_nothing(world: World, document: Document) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    for user in (world.reader, world.stranger, world.coordinator, AnonymousUser()):
        with pytest.raises(NotAllowed):
            ask(user, document)
    services.share_document(acting_user=world.editor, document=document, rung="public")
    with pytest.raises(NotAllowed):
        ask(AnonymousUser(), document, "public")
    assert not ShareRequest.objects.exists()


@pytest.mark.parametrize("rung", ["workspace", "organisation"])
def test_nobody_asks_for_what_is_so(world: World, document: Document, rung: str) -> None:
    with pytest.raises(RequestRefused, match="there"):
        ask(world.reader, document, rung)


def test_nothing_is_asked_beyond_the_ladder(world: World, document: Document) -> None:
    with pytest.raises(NotOnLadder):
        ask(world.reader, document, "members")
    services.mark_child_data(acting_user=world.editor, document=document)
    with pytest.raises(NotOnLadder):
        ask(world.reader, document)
    with pytest.raises(RequestRefused, match="reason"):
        services.ask_to_share(
            acting_user=world.colleague,
            document=_at(world, document, "organisation"),
            rung="workspace",
            reason=" \u200b ",
        )


def _at(world: World, document: Document, rung: str) -> Document:
    services.share_document(acting_user=world.editor, document=document, rung=rung)
    return document


def test_only_the_owner_answers(world: World, document: Document) -> None:
    request = ask(world.reader, document)
    blind = worlds.make_person(world.owner, "editor")
    for user in (world.reader, world.coordinator, world.contributor, world.colleague):
        for act in (services.grant_request, services.refuse_request):
            with pytest.raises(NotAllowed):
                act(acting_user=user, request=request, note="x")
    services.grant_request(acting_user=blind, request=request)
    assert rung_of(document) == "coalition"
    request.refresh_from_db()
    assert (request.outcome, request.decided_by) == ("granted", blind)


def test_an_editor_who_does_not_see_it_answers_nothing(world: World) -> None:
    place = worlds.make_workspace(world.coalition, need_to_know=True)
    worlds.join(place, world.reader, world.partner)
    document = worlds.make_document(place, world.owner, rung="members")
    request = ask(world.reader, document, "workspace")
    for act in (services.grant_request, services.refuse_request):
        with pytest.raises(NotAllowed):
            act(acting_user=world.editor, request=request, note="x")
    assert rung_of(document) == "members"


def test_a_coordinator_answers_for_the_owner_alone(world: World, document: Document) -> None:
    acting = worlds.make_person(world.owner)
    worlds.join(world.workspace, acting, world.owner, "coordinator")
    theirs = worlds.make_document(world.workspace, world.partner)
    services.grant_request(acting_user=acting, request=ask(world.reader, document))
    assert rung_of(document) == "coalition"
    with pytest.raises(NotAllowed):
        services.grant_request(acting_user=acting, request=ask(world.reader, theirs))
    with pytest.raises(NotAllowed):
        services.share_document(acting_user=acting, document=theirs, rung="network")
    services.grant_request(
        acting_user=world.coordinator, request=ShareRequest.objects.get(document=theirs)
    )
    assert rung_of(theirs) == "coalition"


def test_the_later_of_two_deciders_is_told(world: World, document: Document) -> None:
    second = worlds.make_person(world.owner, "administrator")
    request = ask(world.reader, document)
    seen_by_second = ShareRequest.objects.get(pk=request.pk)
    services.refuse_request(acting_user=world.editor, request=request, note="Not yet.")
    with pytest.raises(RequestRefused, match="answered"):
        services.grant_request(acting_user=second, request=seen_by_second)
    assert rung_of(document) == "workspace"
    with pytest.raises(RequestRefused, match="answered"):
        services.withdraw_request(acting_user=world.reader, request=seen_by_second)
    assert ask(world.reader, document).is_open


def test_a_refusal_says_why(world: World, document: Document) -> None:
    request = ask(world.reader, document)
    with pytest.raises(RequestRefused, match="note"):
        services.refuse_request(acting_user=world.editor, request=request, note=" ")
    services.refuse_request(acting_user=world.editor, request=request, note="Names in it.")
    request.refresh_from_db()
    assert (request.outcome, request.note) == ("refused", "Names in it.")


def test_a_request_is_withdrawn_by_whoever_asked(world: World, document: Document) -> None:
    request = ask(world.reader, document)
    with pytest.raises(NotAllowed):
        services.withdraw_request(acting_user=world.editor, request=request)
    services.withdraw_request(acting_user=world.reader, request=request)
    request.refresh_from_db()
    assert request.outcome == "withdrawn"


def test_a_step_further_grants_what_it_reaches(world: World, document: Document) -> None:
    near, far = ask(world.reader, document), ask(world.reader, document, "public")
    services.share_document(acting_user=world.editor, document=document, rung="network")
    near.refresh_from_db()
    far.refresh_from_db()
    assert (near.outcome, far.outcome) == ("granted", "")


@pytest.mark.parametrize("closing", ["back", "sealed"])
def test_a_step_back_ends_what_is_open(world: World, document: Document, closing: str) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="coalition")
    request = ask(world.reader, document, "public")
    if closing == "back":
        services.share_document(acting_user=world.editor, document=document, rung="workspace")
    else:
        services.mark_child_data(acting_user=world.contributor, document=document)
    request.refresh_from_db()
    assert request.outcome == "overtaken"
    with pytest.raises(RequestRefused, match="answered"):
        services.grant_request(acting_user=world.editor, request=request)
    assert rung_of(document) == "workspace"


def test_a_request_of_somebody_who_lost_sight_stays_theirs_no_more(
    world: World, document: Document
) -> None:
    request = ask(world.reader, document)
    for row in world.reader.workspace_memberships.all():
        row.end()
    with pytest.raises(NotAllowed):
        services.withdraw_request(acting_user=world.reader, request=request)
    services.grant_request(acting_user=world.editor, request=request)
    assert rung_of(document) == Rung.COALITION


def test_nobody_asks_without_end(world: World, document: Document) -> None:
    for _ in range(MOST_AN_HOUR):
        services.withdraw_request(acting_user=world.reader, request=ask(world.reader, document))
    with pytest.raises(RequestRefused, match="many") as refused:
        ask(world.reader, document)
    assert "Wait a little" in refused.value.message
    ask(world.coordinator, document)
    hour = timedelta(hours=1)
    for row in ShareRequest.objects.filter(person=world.reader):
        ShareRequest.objects.filter(pk=row.pk).update(since=row.since - hour)
    ask(world.reader, document)


def end_now(document: Document) -> None:
    """Let a day and an hour pass for what is written of the document's audience."""
    passed = timedelta(days=1, hours=1)
    document.audiences.filter(until=None).update(since=F("since") - passed)
    document.audiences.exclude(until=None).update(
        since=F("since") - passed, until=F("until") - passed
    )


@pytest.mark.parametrize("announced", [True, False])
def test_a_planned_end_ends_what_was_asked_before(
    world: World, document: Document, announced: bool
) -> None:
    services.share_document(
        acting_user=world.editor,
        document=document,
        rung="coalition",
        until=timezone.now() + timedelta(days=1),
    )
    request = ask(world.reader, document, "network")
    ShareRequest.objects.filter(pk=request.pk).update(since=timezone.now() - timedelta(hours=2))
    end_now(document)
    if announced:
        assert announce_begun() == 1
        request.refresh_from_db()
        assert (request.outcome, request.decided_by) == ("overtaken", None)
        entry = AuditEntry.objects.get(verb="request.overtaken")
        assert entry.actor is None
    with pytest.raises(RequestRefused, match="answered"):
        services.grant_request(acting_user=world.editor, request=request)
    assert rung_of(document) == "workspace"
    again = ask(world.reader, document, "network")
    request.refresh_from_db()
    assert request.outcome == "overtaken"
    announce_begun()
    again.refresh_from_db()
    assert again.is_open
    services.grant_request(acting_user=world.editor, request=again)
    assert rung_of(document) == "network"
