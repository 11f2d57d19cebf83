"""The real organisations, entered as facts. They own nothing and nobody signs in for them."""

from __future__ import annotations

from django.utils.text import slugify

from coalitions.network.models import Organisation
from coalitions.network.services import create_organisation
from portal.demo.directory import DirectoryEntry, read_directory

SLUG_LENGTH = 70


def slug_of(entry: DirectoryEntry) -> str:
    """The short name of a real organisation in addresses."""
    return slugify(entry.name)[:SLUG_LENGTH].strip("-")


def load_directory() -> None:
    """Enter every organisation that is missing."""
    present = set(Organisation.objects.values_list("slug", flat=True))
    for entry in read_directory():
        slug = slug_of(entry)
        if slug in present:
            continue
        create_organisation(
            names={"en": entry.name},
            kind=entry.kind,
            countries=[entry.country],
            networks=entry.networks,
            languages=entry.languages,
            website=entry.website,
            source=entry.source,
            slug=slug,
            acting_user=None,
            as_system=True,
        )
