"""Mail about requests to share: who gets it, and what it does not say."""

from datetime import timedelta

import pytest
from django.core import mail

from coalitions.documents import services
from coalitions.documents.models import Document, ShareRequest
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import send_waiting
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    owner, partner = worlds.make_organisation("Owner Name"), worlds.make_organisation("Partner")
    workspace = worlds.make_workspace(worlds.make_coalition(owner, partner), name="Secret place")
    editor = worlds.make_person(owner, "editor", name="Editor Name")
    asker = worlds.make_person(partner, name="Asker Name", language="fr")
    worlds.join(workspace, asker, partner)
    worlds.make_person(owner)
    document = worlds.make_document(workspace, owner, title="Secret title")
    return editor, asker, document


def ask(asker, document: Document) -> ShareRequest:
    return services.ask_to_share(
        acting_user=asker, document=document, rung="network", reason="Secret reason"
    )


def test_those_who_decide_are_told_and_then_whoever_asked(place):
    editor, asker, document = place
    request = ask(asker, document)
    assert send_waiting() == 1
    services.refuse_request(acting_user=editor, request=request, note="Secret note")
    assert send_waiting() == 1
    first, second = mail.outbox
    assert (first.to, second.to) == ([editor.email], [asker.email])
    assert document.reference in first.subject
    assert f"/fr/documents/{document.uuid}/requests/{request.uuid}/" in second.body
    for letter in mail.outbox:
        text = letter.subject + letter.body
        for hidden in ("Secret", "Asker", "Editor", "Owner Name", "Partner"):
            assert hidden not in text


def test_whoever_lost_sight_gets_no_mail(place):
    editor, asker, document = place
    request = ask(asker, document)
    services.refuse_request(acting_user=editor, request=request, note="x")
    asker.workspace_memberships.get().end()
    assert send_waiting() == 0
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"needless"}


def test_no_mail_speaks_of_child_data(place):
    editor, asker, document = place
    ask(asker, document)
    services.mark_child_data(acting_user=editor, document=document)
    assert send_waiting() == 0
    services.share_document(acting_user=editor, document=document, rung="organisation")
    services.ask_to_share(
        acting_user=worlds.make_person(document.owner),
        document=document,
        rung="workspace",
        reason="x",
    )
    assert send_waiting() == 0


def test_what_was_answered_meanwhile_needs_no_decision(place):
    _editor, asker, document = place
    services.withdraw_request(acting_user=asker, request=ask(asker, document))
    assert send_waiting() == 0


def withdraw(asker, request: ShareRequest) -> None:
    services.withdraw_request(acting_user=asker, request=request)


def test_asking_again_and_again_sends_one_mail_a_day(place):
    _editor, asker, document = place
    withdraw(asker, ask(asker, document))
    # The first mail had not left yet: it tells of what is asked now.
    request = ask(asker, document)
    assert send_waiting() == 1
    assert str(request.uuid) in mail.outbox[0].body
    for _ in range(3):
        withdraw(asker, request)
        request = ask(asker, document)
    services.ask_to_share(acting_user=asker, document=document, rung="public", reason="x")
    send_waiting()
    assert len(mail.outbox) == 1
    other = worlds.make_document(document.workspace, document.owner)
    ask(asker, other)
    assert send_waiting() == 1


def test_a_day_later_a_request_is_told_again(place, monkeypatch):
    _editor, asker, document = place
    withdraw(asker, ask(asker, document))
    send_waiting()
    monkeypatch.setattr("portal.notifications.receivers.ONCE_IN", timedelta(0))
    ask(asker, document)
    assert send_waiting() == 1
