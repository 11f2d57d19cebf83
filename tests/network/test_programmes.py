"""Programmes: who enters them, and that a code is given once."""

from datetime import date

import pytest

from coalitions.access import NotAllowed
from coalitions.network.models import AuditEntry, Programme
from coalitions.network.services import Refused, enter_programme
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance():
    lead, member = worlds.make_organisation(), worlds.make_organisation()
    coalition = worlds.make_coalition(lead, member)
    return (
        coalition,
        worlds.make_person(lead, "administrator"),
        worlds.make_person(member, "administrator"),
    )


def test_the_lead_enters_a_programme_and_the_audit_knows(alliance):
    coalition, lead, _ = alliance
    programme = enter_programme(
        code="roads-2026", names={"en": "Roads"}, coalition=coalition, acting_user=lead
    )
    assert programme.coalition == coalition
    row = AuditEntry.objects.get(verb="programme.entered")
    assert (row.actor, row.object_uuid) == (lead.uuid, programme.uuid)


@pytest.mark.parametrize("with_coalition", [True, False])
def test_others_do_not(alliance, with_coalition):
    coalition, lead, member = alliance
    actor = member if with_coalition else lead
    with pytest.raises(NotAllowed):
        enter_programme(
            code="roads",
            names={"en": "Roads"},
            coalition=coalition if with_coalition else None,
            acting_user=actor,
        )


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"code": "Roads 2026"}, "small letters"),
        ({"code": ""}, "small letters"),
        ({"code": "r" * 61}, "too long"),
        ({"names": {}}, "at least one language"),
        ({"starts": date(2026, 2, 1), "ends": date(2026, 1, 1)}, "after the start"),
    ],
)
def test_what_cannot_be_is_refused_in_words(facts, message):
    given = {"code": "roads", "names": {"en": "Roads"}} | facts
    with pytest.raises(Refused, match=message):
        enter_programme(acting_user=None, as_system=True, **given)


def test_a_code_is_given_once():
    enter_programme(code="roads", names={"en": "Roads"}, acting_user=None, as_system=True)
    with pytest.raises(Refused, match="already"):
        enter_programme(code="roads", names={"en": "Other"}, acting_user=None, as_system=True)


def test_the_page_enters_a_programme_for_the_lead_alone(alliance, client):
    coalition, lead, member = alliance
    page = f"/en/coalitions/{coalition.uuid}/programmes/new/"
    facts = {"name_en": "Roads", "code": "roads-2026", "starts": "2026-01-01", "ends": ""}
    client.force_login(member)
    assert client.get(page).status_code == client.post(page, facts).status_code == 404
    client.force_login(lead)
    assert client.get(page).status_code == 200
    wrong = client.post(page, {**facts, "code": "Roads 2026", "starts": "soon"})
    assert wrong.status_code == 200
    assert "Roads 2026" in wrong.content.decode()
    assert not Programme.objects.exists()
    assert client.post(page, facts).status_code == 302
    assert "roads-2026" in client.get(f"/en/coalitions/{coalition.uuid}/").content.decode()
