"""My work: the person's own, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coalitions.network.services import invite_person
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    return reverse("home:my-work")


def test_strangers_sign_in(client, address):
    assert client.get(address).url == f"/en/account/login/?next={address}"


def test_somebody_without_anything_gets_an_empty_page(client, address):
    client.force_login(worlds.make_person())
    page = client.get(address)
    assert page.status_code == 200
    assert "belongs to no organisation" in page.text


def test_changes_are_those_one_may_see(client, address, django_assert_max_num_queries):
    organisation, other = worlds.make_organisation(), worlds.make_organisation()
    person = worlds.make_person(organisation)
    workspace = worlds.make_workspace(worlds.make_coalition(organisation, other), name="Own Room")
    foreign = worlds.make_workspace(other, name="Foreign Room")
    worlds.join(workspace, person, organisation)
    for number in range(8):
        worlds.make_document(workspace, other, title=f"Shared {number}", rung="workspace")
    worlds.make_document(workspace, other, title="Not mine", rung="organisation")
    worlds.make_document(foreign, other, title="Public elsewhere", rung="public")
    # Owned by my organisation, in a workspace I am not in: the place is not named.
    away = worlds.make_workspace(organisation, name="Away Room")
    worlds.make_document(away, organisation, title="Ours", rung="organisation")
    client.force_login(person)
    with django_assert_max_num_queries(26):
        page = client.get(address)
    for shown in ("Shared 7", "Ours", "Own Room"):
        assert shown in page.text
    for hidden in ("Not mine", "Public elsewhere", "Away Room", "Foreign Room"):
        assert hidden not in page.text


def test_invitations_to_me_and_by_my_organisation(client, address):
    organisation = worlds.make_organisation(name="Asking Forum")
    administrator = worlds.make_person(organisation, "administrator")
    person = worlds.make_person(worlds.make_organisation())
    invite_person(organisation, email=person.email, role="member", acting_user=administrator)
    invite_person(organisation, email="x@example.org", role="member", acting_user=administrator)
    client.force_login(person)
    page = client.get(address)
    assert "Asking Forum" in page.text
    assert "/invitations/" in page.text
    client.force_login(administrator)
    assert "2 invitations not answered yet" in client.get(address).text
    worlds.suspend(organisation)
    client.force_login(person)
    assert "Asking Forum" not in client.get(address).text


def test_the_sign_in_before_this_one(client, address):
    person = worlds.make_person()
    client.login(email=person.email, password=worlds.PASSWORD)
    assert "first sign-in" in client.get(address).text
    before = timezone.now() - timedelta(days=3)
    person.last_login = before
    person.save()
    client.logout()
    client.login(email=person.email, password=worlds.PASSWORD)
    page = client.get(address)
    assert page.context["previous_sign_in"] == before
