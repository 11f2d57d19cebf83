"""Two at the same instant: one link accepted once, one administrator left."""

import sqlite3
import threading

import pytest
from django.db import close_old_connections, connection

from coalitions.network.invitation_links import token_for
from coalitions.network.models import Affiliation
from coalitions.network.services import Refused, accept_invitation, end_affiliation, invite_person
from portal.accounts.models import User
from tests import worlds

pytestmark = pytest.mark.usefixtures("real_connections")


@pytest.fixture
def real_connections(transactional_db, tmp_path):
    """Give each thread a connection of its own: SQLite's database in memory has no such thing."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    with sqlite3.connect(tmp_path / "file.sqlite3") as target:
        in_memory.backup(target)
    target.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(tmp_path / "file.sqlite3")
    yield
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = in_memory


def at_once(*acts):
    """Run the acts in threads that start together; return the refusals."""
    barrier = threading.Barrier(len(acts))
    refusals, errors = [], []

    def run(act):
        barrier.wait()
        try:
            act()
        except Refused as refusal:
            refusals.append(refusal)
        except Exception as error:
            errors.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    return refusals


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

    refusals = at_once(accept, accept, accept)
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
    refusals = at_once(*acts)
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

    refusals = at_once(*[lambda token=token: accept(token) for token in tokens])
    assert len(refusals) == 1
    assert User.objects.filter(email="new@example.org").count() == 1
