"""The labels that each of the network's nouns carries: the other half of `visible_to`."""

from typing import Any

from coalitions.access import (
    NETWORK,
    PUBLIC,
    coalition_label,
    organisation_label,
    user_label,
    workspace_label,
)
from coalitions.network.models import (
    Affiliation,
    Coalition,
    Organisation,
    Programme,
    Workspace,
    WorkspaceMembership,
)


def organisation_labels(organisation: Organisation) -> frozenset[str]:
    """Return `public` or `network`, and the organisation's own label for its own people."""
    return frozenset(
        {PUBLIC if organisation.listed else NETWORK, organisation_label(organisation.uuid)}
    )


def coalition_labels(coalition: Coalition) -> frozenset[str]:
    """Return the coalition's label, those of the secretariats, and `public` when listed."""
    secretariats = Organisation.objects.filter(kind=Organisation.Kind.SECRETARIAT)
    labels = {organisation_label(uuid) for uuid in secretariats.values_list("uuid", flat=True)}
    labels.add(coalition_label(coalition.uuid))
    if coalition.listed:
        labels.add(PUBLIC)
    return frozenset(labels)


def workspace_labels(workspace: Workspace) -> frozenset[str]:
    """Return the one label of a workspace's members."""
    return frozenset({workspace_label(workspace.uuid)})


def programme_labels(programme: Programme) -> frozenset[str]:
    """Return its coalition's labels, or `public` where it belongs to none."""
    if programme.coalition is None:
        return frozenset({PUBLIC})
    return coalition_labels(programme.coalition)


def person_labels(person: Any) -> frozenset[str]:
    """Return the labels of whoever may see a person's name."""
    affiliations = Affiliation.objects.active().filter(person=person)
    memberships = WorkspaceMembership.objects.active().filter(person=person)
    labels = {
        organisation_label(uuid)
        for uuid in affiliations.values_list("organisation__uuid", flat=True)
    }
    labels |= {
        workspace_label(uuid) for uuid in memberships.values_list("workspace__uuid", flat=True)
    }
    return frozenset(labels | {user_label(person.uuid)})
