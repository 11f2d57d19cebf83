"""Mail that is owed is sent at least once, in the reader's language, and gives nothing away."""

import logging
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from coalitions.network.models import Invitation
from coalitions.network.services import invite_person, revoke_invitation
from portal.notifications.models import OutgoingMail
from portal.notifications.services import sending
from portal.notifications.tasks import send_waiting
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation():
    organisation = worlds.make_organisation(name="Kinder & Rechte")
    administrator = worlds.make_person(organisation, "administrator", name="Secret Name")
    workspace = worlds.make_workspace(organisation, name="Secret workspace")
    made = invite_person(
        organisation,
        email="new@example.org",
        role="member",
        acting_user=administrator,
        language="fr",
        workspace=workspace,
        workspace_role="reader",
    )
    # As after a commit: no message of that time waits here any more.
    transaction.get_connection().run_on_commit.clear()
    return made


@pytest.fixture
def broken_post(monkeypatch):
    def refuse(self, fail_silently=False):
        raise OSError("could not send to new@example.org")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)


def test_an_invitation_owes_a_mail_in_the_same_transaction(invitation):
    row = OutgoingMail.objects.get()
    assert (row.kind, row.subject, row.state) == ("invitation", invitation.uuid, "waiting")


def test_the_mail_is_in_the_recipients_language_and_names_no_workspace_or_person(invitation):
    assert send_waiting() == 1
    letter = mail.outbox[0]
    assert letter.to == ["new@example.org"]
    assert "Kinder & Rechte" in letter.subject
    assert re.search(r"http://127\.0\.0\.1:8000/fr/invitations/\S+/", letter.body)
    for secret in ("Secret", "&amp;"):
        assert secret not in letter.body + letter.subject
    assert OutgoingMail.objects.get().state == "sent"
    assert send_waiting() == 0


def test_an_accounts_own_language_wins(invitation):
    worlds.make_person(email="new@example.org", language="es")
    send_waiting()
    assert "/es/invitations/" in mail.outbox[0].body


def test_a_line_break_in_a_name_is_no_header(invitation):
    organisation = invitation.organisation
    organisation.names = {"en": "Name\nBcc: other@example.org"}
    organisation.save()
    assert send_waiting() == 1
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].bcc == []


def test_a_dead_invitation_is_not_sent(invitation):
    revoke_invitation(invitation, acting_user=invitation.invited_by)
    assert send_waiting() == 0
    assert OutgoingMail.objects.get().state == "needless"
    assert mail.outbox == []


def test_pauses_grow_and_end(invitation, broken_post):
    pauses = []
    for _attempt in range(10):
        OutgoingMail.objects.update(next_attempt=timezone.now())
        before = timezone.now()
        assert send_waiting() == 0
        row = OutgoingMail.objects.get()
        pauses.append(row.next_attempt - before)
    assert row.state == "given_up"
    assert timedelta(minutes=1) <= pauses[0] < timedelta(minutes=2)
    assert all(later > earlier for earlier, later in pairwise(pauses[:9]))
    assert send_waiting() == 0
    assert OutgoingMail.objects.get().attempts == 10


def test_a_failure_is_logged_without_the_address(invitation, broken_post, caplog):
    with caplog.at_level(logging.DEBUG):
        send_waiting()
    assert str(OutgoingMail.objects.get().uuid) in caplog.text
    assert "new@example.org" not in caplog.text


def test_a_mail_in_a_dead_workers_hands_comes_back(invitation):
    assert sending.claim() is not None
    assert sending.claim() is None
    assert send_waiting() == 0
    OutgoingMail.objects.update(claimed=timezone.now() - timedelta(minutes=6))
    assert send_waiting() == 1


def test_one_bad_mail_does_not_stop_the_others(invitation, monkeypatch):
    other = invite_person(
        invitation.organisation,
        email="other@example.org",
        role="member",
        acting_user=invitation.invited_by,
    )
    real = sending.message_for

    def sometimes(row):
        if row.subject == invitation.uuid:
            raise RuntimeError("broken template")
        return real(row)

    monkeypatch.setattr(sending, "message_for", sometimes)
    assert send_waiting() == 1
    assert mail.outbox[0].to == [other.email]


def test_a_vanished_subject_needs_no_mail():
    OutgoingMail.objects.create(kind="invitation", subject="00000000-0000-4000-8000-000000000000")
    assert send_waiting() == 0
    assert OutgoingMail.objects.get().state == "needless"


def test_a_silent_broker_loses_nothing(invitation, monkeypatch, django_capture_on_commit_callbacks):
    def unreachable(*args, **kwargs):
        raise ConnectionError("broker")

    monkeypatch.setattr("portal.notifications.tasks.send_waiting.delay", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        invite_person(
            invitation.organisation,
            email="third@example.org",
            role="member",
            acting_user=invitation.invited_by,
        )
    assert Invitation.objects.filter(email="third@example.org").exists()
    assert OutgoingMail.objects.filter(state="waiting").count() == 2


def test_after_commit_the_worker_is_nudged(invitation, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invite_person(
            invitation.organisation,
            email="third@example.org",
            role="member",
            acting_user=invitation.invited_by,
        )
    assert len(mail.outbox) == 2
