"""Who sees a new document at first: a setting of the workspace, kept by its coordinators."""

import pytest

from coalitions.access import NotAllowed, Rung
from coalitions.network.models import AuditEntry, Workspace
from coalitions.network.services import Refused, set_starting_audience
from portal.accounts.models import User
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Workspace:
    owner = worlds.make_organisation()
    return worlds.make_workspace(worlds.make_coalition(owner, worlds.make_organisation()))


def member(place: Workspace, role: str) -> User:
    assert place.coalition is not None
    organisation = place.coalition.memberships.get(leads=True).organisation
    person = worlds.make_person(organisation, "administrator")
    worlds.join(place, person, organisation, role)
    return person


def test_coordinators_set_it(place: Workspace) -> None:
    coordinator = member(place, "coordinator")
    set_starting_audience(place, rung="organisation", acting_user=coordinator)
    place.refresh_from_db()
    assert place.starting_rung == Rung.ORGANISATION
    assert AuditEntry.objects.get(verb="workspace.starting_audience_set").details == {
        "before": "workspace",
        "after": "organisation",
    }


def test_nobody_else_does(place: Workspace) -> None:
    outsider = worlds.make_person(worlds.make_organisation(), "administrator")
    for user in (member(place, "contributor"), member(place, "reader"), outsider):
        with pytest.raises(NotAllowed):
            set_starting_audience(place, rung="organisation", acting_user=user)


@pytest.mark.parametrize("rung", ["network", "public", "members", "nonsense"])
def test_never_beyond_what_is_confirmed_in_words(place: Workspace, rung: str) -> None:
    with pytest.raises(Refused):
        set_starting_audience(place, rung=rung, acting_user=member(place, "coordinator"))


def test_the_ladder_of_the_place_counts() -> None:
    owner = worlds.make_organisation()
    own = worlds.make_workspace(owner)
    assert own.starting_choices == (Rung.ORGANISATION, Rung.WORKSPACE)
    closed = worlds.make_workspace(worlds.make_coalition(owner), need_to_know=True)
    assert closed.starting_choices == (Rung.MEMBERS, Rung.WORKSPACE, Rung.COALITION)
    own.starting_audience = "coalition"
    assert own.starting_rung == Rung.ORGANISATION


def test_the_page(place: Workspace, client) -> None:
    address = f"/en/workspaces/{place.uuid}/start/"
    client.force_login(member(place, "contributor"))
    assert client.get(address).status_code == 404
    assert client.post(address, {"rung": "organisation"}).status_code == 404
    client.force_login(member(place, "coordinator"))
    assert "Coalition: also the people" in client.get(address).content.decode()
    for wrong in ({}, {"rung": "public"}, {"rung": "x\x00"}):
        assert 'role="alert"' in client.post(address, wrong).content.decode()
    assert client.post(address, {"rung": "organisation"}).status_code == 302
    place.refresh_from_db()
    assert place.starting_rung == Rung.ORGANISATION
    about = client.get(f"/en/workspaces/{place.uuid}/about/").content.decode()
    assert "the people of the document&#x27;s own organisation see" in about.replace("'", "&#x27;")
