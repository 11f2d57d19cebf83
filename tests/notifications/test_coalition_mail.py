"""Mail about joining and leaving a coalition: who gets it, and what it does not say."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalitions.network.models import Coalition
from coalitions.network.services import add_organisation_to_coalition, end_coalition_membership
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import send_waiting
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    lead, member = worlds.make_organisation("Lead Name"), worlds.make_organisation("Member Name")
    coalition = worlds.make_coalition(lead, name="Secret coalition")
    workspace = worlds.make_workspace(coalition, name="Secret place")
    chief = worlds.make_person(lead, "administrator", name="Chief Name")
    coordinator = worlds.make_person(lead, name="Coordinator Name")
    administrator = worlds.make_person(member, "administrator", language="fr")
    worlds.join(workspace, coordinator, lead, "coordinator")
    worlds.make_person(member)
    return coalition, member, workspace, chief, coordinator, administrator


def named(letter) -> list[str]:
    text = letter.subject + letter.body
    return [word for word in ("Secret", "Lead Name", "Member Name", "Chief") if word in text]


def test_administrators_are_told_the_rule_of_their_joining(place):
    coalition, member, _workspace, chief, _coordinator, administrator = place
    Coalition.objects.update(on_leaving="go")
    add_organisation_to_coalition(coalition, member, acting_user=chief)
    assert send_waiting() == 1
    letter = mail.outbox[0]
    assert letter.to == [administrator.email]
    assert f"/fr/coalitions/{coalition.uuid}/" in letter.body
    assert not named(letter)


def test_the_rule_is_told_in_words(place):
    coalition, member, _workspace, chief, _coordinator, administrator = place
    administrator.language = "en"
    administrator.save()
    add_organisation_to_coalition(coalition, member, acting_user=chief)
    send_waiting()
    assert "stays in the workspaces" in mail.outbox[0].body


def test_administrators_and_coordinators_are_told_of_leaving(place):
    coalition, member, workspace, chief, coordinator, administrator = place
    add_organisation_to_coalition(coalition, member, acting_user=None, as_system=True)
    send_waiting()
    mail.outbox.clear()
    end_coalition_membership(coalition, member, acting_user=chief)
    assert send_waiting() == 2
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {administrator.email, coordinator.email}
    assert f"/workspaces/{workspace.uuid}/" in letters[coordinator.email].body
    assert member.slug in letters[administrator.email].body
    assert not any(named(letter) for letter in mail.outbox)


def test_whoever_did_it_is_not_told(place):
    coalition, member, _workspace, _chief, coordinator, administrator = place
    add_organisation_to_coalition(coalition, member, acting_user=None, as_system=True)
    send_waiting()
    mail.outbox.clear()
    end_coalition_membership(coalition, member, acting_user=administrator)
    send_waiting()
    assert [letter.to for letter in mail.outbox] == [[coordinator.email]]


def test_whom_it_concerns_no_more_gets_no_mail(place):
    coalition, member, _workspace, chief, coordinator, administrator = place
    add_organisation_to_coalition(coalition, member, acting_user=None, as_system=True)
    end_coalition_membership(coalition, member, acting_user=chief)
    coordinator.workspace_memberships.get().end()
    administrator.affiliations.get().end()
    assert send_waiting() == 0
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"needless"}


def test_the_address_of_an_unlisted_organisation_is_in_no_mail(place):
    coalition, member, _workspace, chief, _coordinator, administrator = place
    member.listed = False
    member.save()
    add_organisation_to_coalition(coalition, member, acting_user=None, as_system=True)
    send_waiting()
    mail.outbox.clear()
    end_coalition_membership(coalition, member, acting_user=chief)
    send_waiting()
    own = next(letter for letter in mail.outbox if letter.to == [administrator.email])
    assert member.slug not in own.body


def test_places_are_asked_for_at_once(place):
    coalition, member, workspace, chief, coordinator, _administrator = place
    add_organisation_to_coalition(coalition, member, acting_user=None, as_system=True)
    OutgoingMail.objects.all().delete()
    places = [workspace, *(worlds.make_workspace(coalition) for _ in range(3))]
    lead = chief.affiliations.get().organisation
    for further in places:
        worlds.join(further, chief, lead, "coordinator")
    for further in places[1:]:
        worlds.join(further, coordinator, lead, "coordinator")
    with CaptureQueriesContext(connection) as queries:
        end_coalition_membership(coalition, member, acting_user=chief)
    inserts = [q["sql"] for q in queries if q["sql"].startswith('INSERT INTO "notifications_')]
    assert len(inserts) == 2
    owed = OutgoingMail.objects.filter(kind="workspace_left").values_list("subject", "recipient")
    assert sorted(owed) == sorted((further.uuid, coordinator.uuid) for further in places)
