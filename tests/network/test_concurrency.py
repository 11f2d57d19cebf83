"""Two at the same instant: one link accepted once, one administrator left."""

import pytest

from coalitions.network.invitation_links import token_for
from coalitions.network.models import Affiliation
from coalitions.network.services import Refused, accept_invitation, end_affiliation, invite_person
from portal.accounts.models import User
from tests import worlds
from tests.at_once import at_once, real_connections

__all__ = ["real_connections"]

pytestmark = pytest.mark.usefixtures("real_connections")


def test_a_link_is_accepted_once_by_two_at_once():
    organisation = worlds.make_organisation()
    administrator = worlds.make_person(organisation, "administrator")
    token = token_for(
        invite_person(
            organisation, email="new@example.org", role="member", acting_user=administrator
        )
    )

    def accept():
        accept_invitation(
            token, acting_user=None, name="New", password="a long and unusual sentence"
        )

    refusals = at_once(accept, accept, accept, refused=Refused)
    assert len(refusals) == 2
    person = User.objects.get(email="new@example.org")
    assert Affiliation.objects.filter(person=person).count() == 1


def test_two_last_administrators_cannot_both_leave():
    organisation = worlds.make_organisation()
    people = [worlds.make_person(organisation, "administrator") for _ in range(2)]
    acts = [
        lambda person=person: end_affiliation(
            Affiliation.objects.get(person=person), acting_user=person
        )
        for person in people
    ]
    refusals = at_once(*acts, refused=Refused)
    assert len(refusals) == 1
    assert Affiliation.objects.active().filter(organisation=organisation).count() == 1


def test_two_acceptances_for_one_new_address():
    tokens = []
    for _ in range(2):
        organisation = worlds.make_organisation()
        administrator = worlds.make_person(organisation, "administrator")
        invitation = invite_person(
            organisation, email="new@example.org", role="member", acting_user=administrator
        )
        tokens.append(token_for(invitation))

    def accept(token):
        accept_invitation(
            token, acting_user=None, name="New", password="a long and unusual sentence"
        )

    refusals = at_once(*[lambda token=token: accept(token) for token in tokens], refused=Refused)
    assert len(refusals) == 1
    assert User.objects.filter(email="new@example.org").count() == 1
