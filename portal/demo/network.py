"""The invented network of the demonstration, read from its YAML file.

Pure: no model, no database. Invariant: what `read_network` returns is consistent (every slug that
is mentioned exists, people act only for organisations they belong to, in workspaces their
organisation takes part in), or it raises DemoContentError naming what to change.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from portal.demo.checking import check_network
from portal.demo.fields import DemoContentError, Fields

CONTENT = Path(__file__).parent / "content" / "network.yaml"
KINDS = ("dci_section", "ecpat_member", "ecpat_affiliate", "secretariat", "partner")
SIGN_INS = (
    "staff-editor",
    "reviewer",
    "organisation-administrator",
    "workspace-coordinator",
    "contributor",
    "reader",
    "competitor",
    "arabic-reader",
)
AFFILIATION_ROLES = ("administrator", "editor", "member")
WORKSPACE_ROLES = ("coordinator", "contributor", "reader")
STAFF_ROLES = ("editor", "reviewer")
LANGUAGES = ("en", "nl", "fr", "es", "ar")
ON_LEAVING = ("stay", "go")


@dataclass(frozen=True)
class DemoOrganisation:
    """An invented organisation; `names` are by language and each says that it is invented."""

    slug: str
    kind: str
    names: Mapping[str, str]
    networks: tuple[str, ...]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    website: str
    listed: bool


@dataclass(frozen=True)
class DemoTerm:
    """An organisation's time in a coalition; `until` is the first day it is no longer in."""

    organisation: str
    since: datetime.date
    until: datetime.date | None


@dataclass(frozen=True)
class DemoCoalition:
    """A coalition, led by one; `on_leaving`: what becomes of documents of whoever leaves."""

    slug: str
    names: Mapping[str, str]
    lead: str
    listed: bool
    on_leaving: str
    since: datetime.date
    members: tuple[DemoTerm, ...]


@dataclass(frozen=True)
class DemoProgramme:
    """A programme of a coalition or of one organisation."""

    slug: str
    names: Mapping[str, str]
    coalition: str | None
    organisation: str | None
    lead: str
    countries: tuple[str, ...]
    since: datetime.date
    until: datetime.date | None


@dataclass(frozen=True)
class DemoWorkspace:
    """A workspace of a coalition or of one organisation, open or need-to-know."""

    slug: str
    names: Mapping[str, str]
    language: str
    description: str
    coalition: str | None
    organisation: str | None
    need_to_know: bool


@dataclass(frozen=True)
class DemoAffiliation:
    """A person's role in an organisation."""

    organisation: str
    role: str
    since: datetime.date
    until: datetime.date | None


@dataclass(frozen=True)
class DemoWorkspaceRole:
    """A person's role in a workspace, acting for one organisation."""

    workspace: str
    organisation: str
    role: str


@dataclass(frozen=True)
class DemoPerson:
    """A person, named by role alone; `signin` marks those whose address is printed."""

    email: str
    name: str
    language: str
    signin: str | None
    staff: str | None
    affiliations: tuple[DemoAffiliation, ...]
    workspaces: tuple[DemoWorkspaceRole, ...]


@dataclass(frozen=True)
class DemoNetwork:
    """Everything invented but the documents and the articles."""

    organisations: tuple[DemoOrganisation, ...]
    coalitions: tuple[DemoCoalition, ...]
    programmes: tuple[DemoProgramme, ...]
    workspaces: tuple[DemoWorkspace, ...]
    people: tuple[DemoPerson, ...]

    def organisations_in(self, workspace: DemoWorkspace) -> frozenset[str]:
        """Slugs of the organisations that take part in `workspace`."""
        if workspace.organisation is not None:
            return frozenset({workspace.organisation})
        coalition = next(c for c in self.coalitions if c.slug == workspace.coalition)
        return frozenset(term.organisation for term in coalition.members)

    def sign_ins(self) -> list[DemoPerson]:
        """The people with whom one tries the portal, in the order of `SIGN_INS`."""
        marked = [person for person in self.people if person.signin is not None]
        return sorted(marked, key=lambda person: SIGN_INS.index(str(person.signin)))


Item = TypeVar("Item")


def read_network(path: Path = CONTENT) -> DemoNetwork:
    """Read and check the invented network."""
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise DemoContentError(f"{path.name}: {error}") from error
    top = Fields(path.name, loaded)
    network = DemoNetwork(
        organisations=_items(top, "organisations", _organisation),
        coalitions=_items(top, "coalitions", _coalition),
        programmes=_items(top, "programmes", _programme),
        workspaces=_items(top, "workspaces", _workspace),
        people=_items(top, "people", _person),
    )
    check_network(network)
    return network


def _items(fields: Fields, key: str, read: Callable[[Fields], Item]) -> tuple[Item, ...]:
    return tuple(read(entry) for entry in fields.entries(key))


def _organisation(entry: Fields) -> DemoOrganisation:
    return DemoOrganisation(
        slug=entry.slug("slug"),
        kind=entry.choice("kind", KINDS),
        names=entry.names("names", LANGUAGES),
        networks=entry.texts("networks"),
        countries=entry.texts("countries"),
        languages=entry.texts("languages"),
        website=entry.text("website", ""),
        listed=entry.boolean("listed"),
    )


def _coalition(entry: Fields) -> DemoCoalition:
    return DemoCoalition(
        slug=entry.slug("slug"),
        names=entry.names("names", LANGUAGES),
        lead=entry.slug("lead"),
        listed=entry.boolean("listed"),
        on_leaving=entry.choice("on_leaving", ON_LEAVING),
        since=entry.date("since"),
        members=tuple(
            DemoTerm(m.slug("organisation"), m.date("since"), m.optional_date("until"))
            for m in entry.entries("members")
        ),
    )


def _programme(entry: Fields) -> DemoProgramme:
    return DemoProgramme(
        slug=entry.slug("slug"),
        names=entry.names("names", LANGUAGES),
        coalition=entry.text("coalition", "") or None,
        organisation=entry.text("organisation", "") or None,
        lead=entry.slug("lead"),
        countries=entry.texts("countries"),
        since=entry.date("since"),
        until=entry.optional_date("until"),
    )


def _workspace(entry: Fields) -> DemoWorkspace:
    return DemoWorkspace(
        slug=entry.slug("slug"),
        names=entry.names("names", LANGUAGES),
        language=entry.choice("language", LANGUAGES),
        description=entry.text("description"),
        coalition=entry.text("coalition", "") or None,
        organisation=entry.text("organisation", "") or None,
        need_to_know=entry.boolean("need_to_know"),
    )


def _person(entry: Fields) -> DemoPerson:
    return DemoPerson(
        email=entry.text("email"),
        name=entry.text("name"),
        language=entry.choice("language", LANGUAGES),
        signin=entry.choice("signin", SIGN_INS) if "signin" in entry else None,
        staff=entry.choice("staff", STAFF_ROLES) if "staff" in entry else None,
        affiliations=tuple(
            DemoAffiliation(
                a.slug("organisation"),
                a.choice("role", AFFILIATION_ROLES),
                a.date("since"),
                a.optional_date("until"),
            )
            for a in entry.entries("affiliations")
        ),
        workspaces=tuple(
            DemoWorkspaceRole(
                w.slug("workspace"), w.slug("organisation"), w.choice("role", WORKSPACE_ROLES)
            )
            for w in (entry.entries("workspaces") if "workspaces" in entry else ())
        ),
    )
