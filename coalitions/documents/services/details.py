"""What is said about a document: title, language, type, date, subjects, programme.

Invariant: facts change, the audience and the versions do not.
"""

import datetime
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import transaction

from coalitions.access import NotAllowed
from coalitions.documents.models import Document
from coalitions.documents.permissions import rights_on
from coalitions.documents.signals import document_changed
from coalitions.language import clean
from coalitions.network import audit
from coalitions.network.models import (
    ConventionArticle,
    Country,
    DocumentType,
    Programme,
    Theme,
)

_MANY = ("themes", "articles", "countries")


class Details(TypedDict, total=False):
    """What can be changed; what is left out stays."""

    title: str
    language: str
    type: DocumentType | None
    date: datetime.date | None
    themes: Iterable[Theme]
    articles: Iterable[ConventionArticle]
    countries: Iterable[Country]
    programme: Programme | None
    translation_of: Document | None


def edit_details(*, acting_user: Any, document: Document, **details: Unpack[Details]) -> Document:
    """Change what is said about `document`; for people of its owner who may edit it.

    Raises ValueError for a title without a letter, an unknown language or a document that would
    be a translation of itself, NotAllowed for everybody else.
    """
    values: dict[str, Any] = dict(details)
    with transaction.atomic():
        locked: Document = Document.objects.select_for_update().get(pk=document.pk)
        rights = rights_on(acting_user, locked)
        if not rights.edit:
            raise NotAllowed("Only people of the owning organisation edit a document.")
        _check(locked, values)
        for name, value in values.items():
            if name in _MANY:
                getattr(locked, name).set(value)
            else:
                setattr(locked, name, value)
        if "language" in values:
            locked.language_from_text = False
        locked.save()
        audit.record(
            "document.edited",
            acting_user=acting_user,
            acting_organisation=rights.organisation,
            thing=locked,
            fields=",".join(sorted(values)),
        )
        document_changed.send(sender=Document, document=locked, audience_tightened=False)
    return locked


def add_details(*, acting_user: Any, document: Document, **details: Unpack[Details]) -> None:
    """Say of `document` what is not said of it yet; what somebody said meanwhile stays.

    For the second step of adding a file, which may come late or twice. To those who may not edit
    the document any more it does nothing.
    """
    said: dict[str, Any] = dict(details)
    missing: dict[str, Any] = {
        name: value for name, value in said.items() if not _is_said(document, name)
    }
    if missing:
        with suppress(NotAllowed):
            edit_details(acting_user=acting_user, document=document, **missing)


def _is_said(document: Document, name: str) -> bool:
    if name in _MANY:
        return bool(getattr(document, name).exists())
    return bool(getattr(document, name))


def _check(document: Document, values: dict[str, Any]) -> None:
    if "title" in values:
        values["title"] = clean(values["title"]).strip()[:255]
        if not values["title"]:
            raise ValueError("A document needs a title.")
    if "language" in values and values["language"] not in dict(settings.LANGUAGES):
        raise ValueError("The language is not one of the portal's.")
    source = values.get("translation_of")
    if source is not None and (source.pk == document.pk or source.translation_of_id == document.pk):
        raise ValueError("A document is not a translation of itself.")
