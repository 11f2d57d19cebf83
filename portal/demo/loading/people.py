"""The invented people: accounts, affiliations, places in workspaces, groups of the editors.

Invariant: after loading, the printed sign-ins have the printed password.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from coalitions.network import audit
from coalitions.network.models import Affiliation, Organisation, WorkspaceMembership
from coalitions.network.services import add_affiliation, place_person
from knowledge.services.setup import EDITORS, REVIEWERS
from portal.accounts.models import User
from portal.demo.loading.network import midnight, workspace_called
from portal.demo.network import DemoNetwork, DemoPerson

GROUPS = {"editor": EDITORS, "reviewer": REVIEWERS}


def load_people(network: DemoNetwork, password: str) -> None:
    """Enter who is missing, and put everybody where they belong."""
    _renew_password(network, password)
    # Hashing is slow on purpose; as all share one password, it is hashed once.
    encoded = make_password(password)
    for person in network.people:
        user = User.objects.filter(email=person.email).first() or _account(person, encoded)
        for affiliation in person.affiliations:
            organisation = Organisation.objects.get(slug=affiliation.organisation)
            held = Affiliation.objects.filter(person=user, organisation=organisation)
            if held.exists():
                continue
            add_affiliation(
                organisation,
                user,
                role=affiliation.role,
                since=midnight(affiliation.since),
                until=midnight(affiliation.until) if affiliation.until else None,
                acting_user=None,
                as_system=True,
            )
        _place(network, person, user)


@transaction.atomic
def _account(person: DemoPerson, encoded: str) -> User:
    user = User.objects.create_user(person.email, name=person.name, language=person.language)
    user.password = encoded
    user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if person.staff is not None:
        user.groups.add(Group.objects.get(name=GROUPS[person.staff]))
    audit.record("accounts.demonstration_person", acting_user=None, thing=user)
    return user


def _place(network: DemoNetwork, person: DemoPerson, user: User) -> None:
    for role in person.workspaces:
        workspace = workspace_called(network, role.workspace)
        if WorkspaceMembership.objects.filter(person=user, workspace=workspace).exists():
            continue
        place_person(
            workspace,
            user,
            organisation=Organisation.objects.get(slug=role.organisation),
            role=role.role,
            acting_user=None,
            as_system=True,
        )


def _renew_password(network: DemoNetwork, password: str) -> None:
    """Give the sign-ins that are there the demonstration's password, where they have another."""
    addresses = [person.email for person in network.sign_ins()]
    for user in User.objects.filter(email__in=addresses):
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
