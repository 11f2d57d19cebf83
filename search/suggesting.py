"""Suggestions while somebody types: titles that this viewer may see, and names of concepts.

Invariant: a title is looked for under the viewer's labels alone and fetched with `visible_to`
again before a word of it is read. Concepts are public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle

from coalitions.access import Viewer
from coalitions.documents.models import Document
from coalitions.language import analyse, clean
from coalitions.network.models import Organisation
from knowledge.models import ArticlePage
from search import engines
from search.concepts import suggest_labels
from search.indexed import Ref, parse_ref
from search.withholding import access_of

MOST: Final = 8
MOST_CONCEPTS: Final = 3
SHORTEST: Final = 2
LONGEST: Final = 100
TITLE: Final = 120


class SuggestThrottle(SimpleRateThrottle):
    """How often one person, or a stranger's address, may ask."""

    rate = "120/min"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        """Under which name a request counts."""
        if request.user.is_authenticated:
            return f"search.suggest:person:{request.user.pk}"
        return f"search.suggest:address:{self.get_ident(request)}"  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line under the search box: what it says, in which language, and where it leads."""

    text: str
    language: str
    url: str
    icon: str
    kind: str


def suggest(viewer: Viewer, typed: str, request: HttpRequest) -> list[Suggestion]:
    """At most eight: titles first, then concepts; of alike ones the reader's language first.

    Raises SearchUnavailable.
    """
    text = " ".join(clean(typed).split())[:LONGEST]
    words = analyse(text)
    if not words or len(text) < SHORTEST:
        return []
    access = access_of(viewer)
    language = (get_language() or "en").split("-")[0]
    refs = engines.embedded().suggest(words, access, MOST, language)
    titles = _titles([parse_ref(ref) for ref in refs], viewer, request)
    concepts = _concepts(text, language)
    return [*titles[: MOST - len(concepts)], *concepts]


def _concepts(text: str, language: str) -> list[Suggestion]:
    address = reverse("search:results")
    return [
        Suggestion(label, spoken, f"{address}?{urlencode({'q': label})}", "search", _("Search"))
        for label, spoken, _code in suggest_labels(text, language, MOST_CONCEPTS)
    ]


def _titles(refs: list[Ref], viewer: Viewer, request: HttpRequest) -> list[Suggestion]:
    """The titles of these things in their order, in a query for each kind."""
    found: dict[tuple[str, UUID, str], Suggestion] = {}
    for kind, loader in _LOADERS.items():
        wanted = [ref for ref in refs if ref.kind == kind]
        if wanted:
            found |= loader({ref.key for ref in wanted}, viewer, request)
    seen: dict[tuple[str, UUID], Suggestion] = {}
    for ref in refs:
        # A document's language is no part of what it is; an article has several.
        place = (ref.kind, ref.key, ref.locale if ref.kind == "article" else "")
        if place in found:
            seen.setdefault((ref.kind, ref.key), found[place])
    return list(seen.values())


Found = dict[tuple[str, UUID, str], Suggestion]


def _documents(keys: Iterable[UUID], viewer: Viewer, request: HttpRequest) -> Found:
    return {
        ("document", document.uuid, ""): Suggestion(
            document.title[:TITLE],
            document.language,
            reverse("documents:document", args=[document.uuid]),
            "file-text",
            _("Document"),
        )
        for document in Document.objects.visible_to(viewer).filter(uuid__in=keys)
    }


def _articles(keys: Iterable[UUID], viewer: Viewer, request: HttpRequest) -> Found:
    return {
        ("article", article.translation_key, article.language): Suggestion(
            article.title[:TITLE],
            article.language,
            article.get_url(request) or "",
            "book-open",
            _("Knowledge article"),
        )
        for article in ArticlePage.objects.visible_to(viewer)
        .filter(translation_key__in=keys)
        .select_related("locale")
    }


def _organisations(keys: Iterable[UUID], viewer: Viewer, request: HttpRequest) -> Found:
    return {
        ("organisation", organisation.uuid, ""): Suggestion(
            organisation.name[:TITLE],
            organisation.name_language,
            reverse("network:organisation", args=[organisation.slug]),
            "building-2",
            _("Organisation"),
        )
        for organisation in Organisation.objects.visible_to(viewer).filter(uuid__in=keys)
    }


_LOADERS = {"document": _documents, "article": _articles, "organisation": _organisations}
