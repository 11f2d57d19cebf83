"""The invented documents: rendered, uploaded by their uploader, described, shared, read.

Invariant: each goes through the same services as a person's upload, as the person who uploads it;
what a plain contributor may not decide, an editor of the owning organisation decides.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction

from coalitions.access import Rung
from coalitions.documents.extraction import read_text_of
from coalitions.documents.models import Document, DocumentVersion, Reservation
from coalitions.documents.permissions import starting_rungs
from coalitions.documents.services import (
    add_document,
    add_version,
    edit_details,
    reserve_document,
    restore_version,
    share_document,
)
from coalitions.network.models import (
    Affiliation,
    ConventionArticle,
    Country,
    DocumentType,
    Organisation,
    Programme,
    Theme,
    Workspace,
)
from portal.accounts.models import User
from portal.demo.documents import DemoDocument, render, render_draft
from portal.demo.loading.network import workspace_called
from portal.demo.network import DemoNetwork
from search.outbox import drain

NAMESPACE = uuid.UUID("5c1f1e4e-5a0a-4b53-9f0b-2f6d1f0c9a37")
EVERY = 10
DAYS_RESERVED = 7


@dataclass(frozen=True)
class _Place:
    """Where a document goes, and who brings it there."""

    uploader: User
    owner: Organisation
    workspace: Workspace


def load_documents(
    sources: list[DemoDocument], network: DemoNetwork, say: Callable[[str], None]
) -> None:
    """Upload what is missing and read its text; `say` hears now and then how far it is."""
    for number, source in enumerate(sources, start=1):
        document = _uploaded(source) or _upload(source, _place(source, network))
        for version in document.versions.all():
            read_text_of(version.pk)
        if source.reserved and not Reservation.objects.in_force().filter(document=document):
            uploader = User.objects.get(email=source.uploader)
            reserve_document(acting_user=uploader, document=document, hours=DAYS_RESERVED * 24)
        if number % EVERY == 0:
            say(f"  {number} of {len(sources)}")


def document_called(slug: str) -> Document:
    """The loaded document whose source has this slug."""
    return DocumentVersion.objects.get(submission=uuid.uuid5(NAMESPACE, slug)).document


def catch_up_search() -> None:
    """Bring the index in step with everything that was loaded."""
    drain()


def _submission(source: DemoDocument) -> uuid.UUID:
    """The mark of this upload, the same at every loading."""
    return uuid.uuid5(NAMESPACE, source.slug)


def _uploaded(source: DemoDocument) -> Document | None:
    version = DocumentVersion.objects.filter(submission=_submission(source)).first()
    return version.document if version is not None else None


def _place(source: DemoDocument, network: DemoNetwork) -> _Place:
    return _Place(
        uploader=User.objects.get(email=source.uploader),
        owner=Organisation.objects.get(slug=source.owner),
        workspace=workspace_called(network, source.workspace),
    )


def _upload(source: DemoDocument, place: _Place) -> Document:
    """Bring the document in, whole or not at all; rendered before the database is locked."""
    final, draft = render(source), render_draft(source)
    with transaction.atomic():
        document = _add(source, place, draft or final)
        edit_details(
            acting_user=place.uploader,
            document=document,
            type=DocumentType.objects.get(code=source.type),
            date=source.date,
            themes=Theme.objects.filter(code__in=source.themes),
            articles=ConventionArticle.objects.filter(number__in=source.articles),
            countries=Country.objects.filter(code__in=source.countries),
            programme=Programme.objects.filter(code=source.programme).first(),
        )
        if draft is not None:
            add_version(
                acting_user=place.uploader,
                document=document,
                content=_file(final),
                name=source.file_name,
                note=source.note,
                submission=_submission(source),
            )
            _mistake(source, place, document, draft)
    return document


def _mistake(source: DemoDocument, place: _Place, document: Document, draft: bytes) -> None:
    """Let the draft be sent again by mistake, and the final version be restored."""
    if source.mistake is None:
        return
    final = document.versions.get(submission=_submission(source))
    wrong = add_version(
        acting_user=place.uploader,
        document=document,
        content=_file(draft),
        name=source.file_name,
        note=source.mistake.note,
    )
    restore_version(
        acting_user=_editor(place),
        document=document,
        number=final.number,
        seen=wrong.number,
        note=source.mistake.restored_note,
    )


def _add(source: DemoDocument, place: _Place, content: bytes) -> Document:
    wanted = Rung(source.audience)
    offered = starting_rungs(
        place.uploader, place.workspace, place.owner, child_data=source.child_data
    )
    document = add_document(
        acting_user=place.uploader,
        workspace=place.workspace,
        content=_file(content),
        name=source.file_name,
        title=source.title,
        language=source.language,
        rung=wanted if wanted in offered else offered[-1],
        child_data=source.child_data,
        note=source.note if source.draft is None else source.draft.note,
        submission=_submission(source) if source.draft is None else None,
    )
    if wanted not in offered:
        share_document(acting_user=_editor(place), document=document, rung=wanted)
    return document


def _editor(place: _Place) -> User:
    """Somebody who decides who sees the owner's documents."""
    deciding = Affiliation.objects.active().filter(
        organisation=place.owner,
        role__in=[Affiliation.Role.ADMINISTRATOR, Affiliation.Role.EDITOR],
    )
    return User.objects.get(pk=deciding.order_by("pk").values("person")[:1])


def _file(content: bytes) -> File[bytes]:
    return File(io.BytesIO(content))
