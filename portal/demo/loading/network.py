"""The invented organisations, coalitions, programmes and workspaces."""

from __future__ import annotations

import datetime

from coalitions.network.models import (
    Coalition,
    CoalitionMembership,
    Organisation,
    Programme,
    Workspace,
)
from coalitions.network.services import (
    add_organisation_to_coalition,
    create_organisation,
    end_coalition_membership,
    enter_programme,
    found_coalition,
    open_workspace,
)
from portal.demo.network import (
    DemoCoalition,
    DemoNetwork,
    DemoOrganisation,
    DemoTerm,
    DemoWorkspace,
)


def midnight(day: datetime.date) -> datetime.datetime:
    """The instant at which `day` begins, in UTC."""
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)


def load_network(network: DemoNetwork) -> None:
    """Enter what is missing, in the order in which one thing needs another."""
    for organisation in network.organisations:
        _organisation(organisation)
    for coalition in network.coalitions:
        _coalition(coalition)
    for programme in network.programmes:
        if not Programme.objects.filter(code=programme.slug).exists():
            enter_programme(
                code=programme.slug,
                names=programme.names,
                coalition=Coalition.objects.filter(slug=programme.coalition).first(),
                starts=programme.since,
                ends=programme.until,
                acting_user=None,
                as_system=True,
            )
    for workspace in network.workspaces:
        if not workspaces_like(workspace):
            _open(workspace)


def workspaces_like(workspace: DemoWorkspace) -> list[Workspace]:
    """The workspaces of this owner and name: none, or the one that was loaded."""
    return list(
        Workspace.objects.filter(
            name=workspace.names[workspace.language],
            coalition__slug=workspace.coalition,
            organisation__slug=workspace.organisation,
        )
    )


def workspace_called(network: DemoNetwork, slug: str) -> Workspace:
    """The loaded workspace that has this slug in the network."""
    return workspaces_like(next(w for w in network.workspaces if w.slug == slug))[0]


def _organisation(organisation: DemoOrganisation) -> None:
    if Organisation.objects.filter(slug=organisation.slug).exists():
        return
    create_organisation(
        names=organisation.names,
        kind=organisation.kind,
        countries=organisation.countries,
        networks=organisation.networks,
        languages=organisation.languages,
        website=organisation.website,
        source="Invented for the demonstration",
        listed=organisation.listed,
        slug=organisation.slug,
        acting_user=None,
        as_system=True,
    )


def _coalition(source: DemoCoalition) -> None:
    coalition = Coalition.objects.filter(slug=source.slug).first()
    if coalition is None:
        coalition = found_coalition(
            Organisation.objects.get(slug=source.lead),
            names=source.names,
            listed=source.listed,
            on_leaving=source.on_leaving,
            slug=source.slug,
            since=midnight(source.since),
            acting_user=None,
            as_system=True,
        )
    for term in source.members:
        _term(coalition, term)


def _term(coalition: Coalition, term: DemoTerm) -> None:
    organisation = Organisation.objects.get(slug=term.organisation)
    held = CoalitionMembership.objects.filter(coalition=coalition, organisation=organisation)
    if held.exists():
        return
    add_organisation_to_coalition(
        coalition, organisation, since=midnight(term.since), acting_user=None, as_system=True
    )
    if term.until is not None:
        end_coalition_membership(
            coalition, organisation, until=midnight(term.until), acting_user=None, as_system=True
        )


def _open(workspace: DemoWorkspace) -> None:
    owner: Coalition | Organisation
    if workspace.coalition is not None:
        owner = Coalition.objects.get(slug=workspace.coalition)
    else:
        owner = Organisation.objects.get(slug=workspace.organisation)
    open_workspace(
        owner,
        name=workspace.names[workspace.language],
        language=workspace.language,
        purpose=workspace.description,
        need_to_know=workspace.need_to_know,
        acting_user=None,
        as_system=True,
    )
