"""What the invented network has to hold to: everything mentioned exists, every role has its ground.

Pure: no model, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from portal.demo.fields import DemoContentError

if TYPE_CHECKING:
    from portal.demo.network import DemoNetwork, DemoProgramme, DemoWorkspace

INVENTED: Mapping[str, tuple[str, ...]] = {
    "en": ("(demonstration)", "(invented)"),
    "nl": ("(demonstratie)", "(verzonnen)"),
    "fr": ("(démonstration)", "(inventée)"),
    "es": ("(demostración)", "(inventada)"),
    "ar": ("(عرض تجريبي)",),
}


def check_network(network: DemoNetwork) -> None:
    """Raise DemoContentError unless every mention has its object and every role its ground."""
    slugs = {organisation.slug for organisation in network.organisations}
    for organisation in network.organisations:
        for language, name in organisation.names.items():
            if not name.endswith(INVENTED[language]):
                ends = " or ".join(INVENTED[language])
                raise DemoContentError(f"{name}: end the name with {ends}")
    for coalition in network.coalitions:
        members = {term.organisation for term in coalition.members}
        if missing := (members | {coalition.lead}) - slugs:
            raise DemoContentError(f"{coalition.slug}: no such organisation: {min(missing)}")
        if coalition.lead not in members:
            raise DemoContentError(f"{coalition.slug}: its lead is one of its members")
    coalitions = {coalition.slug for coalition in network.coalitions}
    places: list[DemoProgramme | DemoWorkspace] = [*network.programmes, *network.workspaces]
    for place in places:
        if (place.coalition is None) == (place.organisation is None):
            raise DemoContentError(f"{place.slug}: name a coalition or an organisation, not both")
        if (place.coalition or "") not in coalitions and (place.organisation or "") not in slugs:
            raise DemoContentError(f"{place.slug}: no such coalition or organisation")
    _check_people(network)


def _check_people(network: DemoNetwork) -> None:
    workspaces = {workspace.slug: workspace for workspace in network.workspaces}
    emails = [person.email for person in network.people]
    if len(emails) != len(set(emails)):
        raise DemoContentError("two people have the same address")
    for person in network.people:
        if not person.email.endswith(".example"):
            raise DemoContentError(f"{person.email}: addresses end with .example")
        own = {a.organisation for a in person.affiliations if a.until is None}
        for role in person.workspaces:
            workspace = workspaces.get(role.workspace)
            if workspace is None:
                raise DemoContentError(f"{person.email}: no workspace {role.workspace}")
            if role.organisation not in own & network.organisations_in(workspace):
                raise DemoContentError(
                    f"{person.email}: cannot act for {role.organisation} in {role.workspace}"
                )
