"""Organisations that were found, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from coalitions.language import Snippet
from coalitions.network.models import Organisation
from search.engines.base import Hit
from search.indexed import Ref
from search.showing.things import Asked, Shown


def show_organisations(
    refs: Mapping[str, Ref], hits: Mapping[str, Hit], asked: Asked
) -> dict[str, Shown]:
    """Those of the organisations that may be seen, by ref."""
    seen = {
        organisation.uuid: organisation
        for organisation in Organisation.objects.visible_to(asked.viewer)
        .filter(uuid__in=[ref.key for ref in refs.values()])
        .prefetch_related("countries")
    }
    return {
        ref: Shown(
            kind="organisation",
            uuid=parts.key,
            thing=seen[parts.key],
            title=seen[parts.key].name,
            language=seen[parts.key].name_language,
            url=reverse("network:organisation", args=[seen[parts.key].slug]),
            snippet=Snippet(),
            rung="public" if seen[parts.key].listed else "network",
        )
        for ref, parts in refs.items()
        if parts.key in seen
    }
