"""Small worlds for tests: organisations, people, coalitions, workspaces, documents.

Rows are made directly, without services, so that a test of a rule does not rest on the code that
the rule is about. Every maker takes only what the test cares about.
"""

import itertools
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from coalitions.access import Rung
from coalitions.documents.models import Document, DocumentAudience, DocumentPage, DocumentVersion
from coalitions.network.models import (
    Affiliation,
    Coalition,
    CoalitionMembership,
    Organisation,
    Suspension,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.references import new_reference
from portal.accounts.models import User

_counter = itertools.count(1)


def restart() -> None:
    """Begin numbering again, so that two worlds of one test have the same names."""
    global _counter
    _counter = itertools.count(1)


PASSWORD = "correct horse battery"
LONG_AGO = timedelta(days=30)


def _ago(days: int = 30) -> datetime:
    return timezone.now() - timedelta(days=days)


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    """Return a listed ECPAT member, unless `fields` say otherwise."""
    number = next(_counter)
    name = name or f"Organisation {number} (invented)"
    fields.setdefault("kind", Organisation.Kind.ECPAT_MEMBER)
    fields.setdefault("slug", f"organisation-{number}")
    return Organisation.objects.create(names={"en": name}, **fields)


def make_person(
    organisation: Organisation | None = None, role: str = "member", **fields: Any
) -> User:
    """Return an active account (password PASSWORD), affiliated since 30 days when told where."""
    number = next(_counter)
    fields.setdefault("email", f"person{number}@example.org")
    fields.setdefault("name", f"Person {number}")
    user = User(**fields)
    user.set_password(PASSWORD)
    user.save()
    if organisation is not None:
        affiliate(user, organisation, role)
    return user


def affiliate(
    user: User, organisation: Organisation, role: str = "member", **fields: Any
) -> Affiliation:
    """Return an affiliation since 30 days."""
    fields.setdefault("since", _ago())
    return Affiliation.objects.create(person=user, organisation=organisation, role=role, **fields)


def suspend(organisation: Organisation) -> Suspension:
    """Suspend an organisation from yesterday on."""
    return Suspension.objects.create(organisation=organisation, since=_ago(1))


def make_coalition(*members: Organisation, listed: bool = False, name: str = "") -> Coalition:
    """Return a coalition of `members`, led by the first."""
    number = next(_counter)
    coalition = Coalition.objects.create(
        slug=f"coalition-{number}", names={"en": name or f"Coalition {number}"}, listed=listed
    )
    for place, organisation in enumerate(members):
        CoalitionMembership.objects.create(
            coalition=coalition, organisation=organisation, leads=place == 0, since=_ago()
        )
    return coalition


def make_workspace(owner: Coalition | Organisation, name: str = "", **fields: Any) -> Workspace:
    """Return an open workspace of a coalition or an organisation."""
    side = {"coalition": owner} if isinstance(owner, Coalition) else {"organisation": owner}
    return Workspace.objects.create(
        reference=new_reference(Workspace, "W"),
        name=name or f"Workspace {next(_counter)}",
        **side,
        **fields,
    )


def join(
    workspace: Workspace,
    user: User,
    organisation: Organisation,
    role: str = "reader",
    **fields: Any,
) -> WorkspaceMembership:
    """Return a membership since 30 days."""
    fields.setdefault("since", _ago())
    return WorkspaceMembership.objects.create(
        workspace=workspace, person=user, organisation=organisation, role=role, **fields
    )


def make_document(
    workspace: Workspace,
    owner: Organisation,
    *,
    by: User | None = None,
    rung: str | Rung | None = None,
    child_data: bool = False,
    pages: tuple[str, ...] = (),
    media_type: str = "application/pdf",
    **fields: Any,
) -> Document:
    """Return a document with one version and the text of its pages; no file in the storage."""
    by = by or make_person(owner)
    fields.setdefault("title", f"Document {next(_counter)}")
    fields.setdefault("language", "en")
    document = Document.objects.create(
        reference=new_reference(Document, "D"),
        workspace=workspace,
        owner=owner,
        created_by=by,
        **fields,
    )
    version = DocumentVersion.objects.create(
        document=document,
        number=1,
        file=f"absent/{document.uuid}",
        name="file.pdf",
        size=1000,
        media_type=media_type,
        sha256="0" * 64,
        uploader=by,
        organisation=owner,
    )
    document.current_version = version
    document.save(update_fields=["current_version"])
    DocumentAudience.objects.create(
        document=document,
        rung=rung or workspace.starting_rung,
        child_data=child_data,
        decided_by=by,
        organisation=owner,
        since=_ago(),
    )
    DocumentPage.objects.bulk_create(
        DocumentPage(version=version, number=number, text=text, language=document.language)
        for number, text in enumerate(pages, 1)
    )
    return document
