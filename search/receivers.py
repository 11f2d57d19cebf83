"""What search does when something changes: write rows, in the same transaction.

Invariant: a receiver reads ids and labels, never text; the worker does the rest. A tightened
audience is taken out of the index before the change commits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coalitions.documents.signals import document_changed, document_purged, documents_changed
from coalitions.network.signals import access_changed, organisation_changed
from knowledge.signals import article_changed
from search.engines.embedded import expunging
from search.hiding import tighten_documents
from search.keeping import tighten
from search.outbox import note
from search.saved.waking import wake


def connect() -> None:
    """Connect the receivers; called once, when the app is ready."""
    document_changed.connect(on_document, dispatch_uid="search.document")
    documents_changed.connect(on_documents, dispatch_uid="search.documents")
    document_purged.connect(on_purged, dispatch_uid="search.purged")
    article_changed.connect(on_article, dispatch_uid="search.article")
    organisation_changed.connect(on_organisation, dispatch_uid="search.organisation")
    access_changed.connect(on_access, dispatch_uid="search.access")


def on_document(document: Any, audience_tightened: bool = True, **kwargs: Any) -> None:
    """A document's text, facts, version or audience changed."""
    if audience_tightened:
        tighten("document", str(document.uuid))
    note("document", document.uuid)


def on_documents(documents: Iterable[Any], audience_tightened: bool = True, **kwargs: Any) -> None:
    """The same happened to many documents by one act."""
    keys = sorted(str(document.uuid) for document in documents)
    if audience_tightened:
        tighten_documents(keys)
    note("document", *keys)


def on_purged(**kwargs: Any) -> None:
    """A document is deleted for good: its words shall not be left in any corner of the index."""
    expunging.note()


def on_article(translation_key: Any, tightened: bool = True, **kwargs: Any) -> None:
    """An article was published, changed, taken away, or its family's audience changed."""
    if tightened:
        tighten("article", str(translation_key))
    note("article", translation_key)


def on_organisation(organisation: Any, **kwargs: Any) -> None:
    """An organisation's facts changed; it may have left the public directory."""
    tighten("organisation", str(organisation.uuid))
    note("organisation", organisation.uuid)


def on_access(people: Iterable[Any], **kwargs: Any) -> None:
    """These people see more or less than before; their saved searches may find something new."""
    wake(people)
