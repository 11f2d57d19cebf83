"""Letting the index know things as they are now, as the worker would."""

from __future__ import annotations

from coalitions.documents.models import Document
from coalitions.documents.signals import document_changed
from coalitions.network.models import Organisation
from coalitions.network.signals import organisation_changed
from search import outbox


def indexed(*things: Document | Organisation) -> None:
    for thing in things:
        if isinstance(thing, Document):
            document_changed.send(sender=Document, document=thing, audience_tightened=False)
        else:
            organisation_changed.send(sender=Organisation, organisation=thing)
    outbox.drain()
