"""The pages that find things: everything, and the pages of one document.

Invariant: everything asked stands in the address, nothing of it in the title; whatever the
address says, the answer is a page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from coalitions.documents.services.viewing import record_view
from coalitions.documents.views.finding import context_for, visible_document
from coalitions.language import clean
from coalitions.network.middleware import viewer_of
from search import suggesting
from search.correcting import correct, correct_within
from search.engines.base import FACETS, MAX_OFFSET, SearchUnavailable, Sort, TooManyLabels
from search.facets import Group, groups
from search.indexed import ref_of
from search.inside import Inside, find_inside
from search.query import MAX_LENGTH, parse
from search.service import MAX_VALUES, Found, find
from search.suggesting import SuggestThrottle

MAX_VALUE_LENGTH = 80
# Values chosen of all facets together: each is repeated in the links of the others.
MAX_CHOSEN = 30
# The parameter that takes concepts out of a question.
CONCEPTS, OFF = "concepts", ("0", "off")
# What is so anyway: an address says it to no purpose. Fields left empty are sent by every form.
DEFAULTS = {"sort": "relevance"}
ALSO_SHOWN = 6
PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for, cut to what can be answered."""

    text: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    shortened: bool = False
    concepts: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing at all is asked."""
        return not self.text and not self.filters

    @property
    def wordless(self) -> bool:
        """Whether signs were typed that are no words, and nothing else is asked."""
        if not self.text or self.filters:
            return False
        query = parse(self.text).query
        return not query.clauses and not query.exclusions

    @property
    def parameters(self) -> QueryDict:
        """What is asked, as an address says it, and nothing that was only sent along."""
        asked = QueryDict(mutable=True)
        if self.text:
            asked["q"] = self.text
        for name, values in self.filters.items():
            asked.setlist(name, values)
        if self.sort == "date":
            asked["sort"] = self.sort
        if not self.concepts:
            asked[CONCEPTS] = OFF[-1]
        return asked


def _chosen(request: HttpRequest) -> tuple[dict[str, list[str]], bool]:
    """The values chosen of each facet, and whether there were more than can be asked."""
    filters: dict[str, list[str]] = {}
    room = MAX_CHOSEN
    cut = False
    for name in FACETS:
        sent = dict.fromkeys(v for v in request.GET.getlist(name) if 0 < len(v) <= MAX_VALUE_LENGTH)
        kept = list(sent)[: min(room, MAX_VALUES)]
        cut = cut or len(kept) < len(sent)
        room -= len(kept)
        if kept:
            filters[name] = kept
    return filters, cut


def _wish(request: HttpRequest) -> Wish:
    typed = " ".join(clean(request.GET.get("q", "")).split())
    filters, cut = _chosen(request)
    page = request.GET.get("page", "1")
    return Wish(
        text=typed[:MAX_LENGTH],
        filters=filters,
        sort="date" if request.GET.get("sort") == "date" else "relevance",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1,
        shortened=len(typed) > MAX_LENGTH or cut,
        concepts=request.GET.get(CONCEPTS) not in OFF,
    )


def _plainer(request: HttpRequest) -> str:
    """The address without what is so anyway; empty where it holds nothing of that."""
    left = request.GET.copy()
    for name in ("q", *DEFAULTS, *FACETS):
        kept = [value for value in left.getlist(name) if value not in ("", DEFAULTS.get(name))]
        if kept:
            left.setlist(name, kept)
        else:
            left.pop(name, None)
    if left == request.GET:
        return ""
    return f"{request.path}?{left.urlencode()}" if left else request.path


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Results, facets and pages for what the address asks."""
    plainer = _plainer(request)
    if plainer:
        return redirect(plainer)
    wish = _wish(request)
    context: dict[str, Any] = {"search_query": wish.text, "wish": wish, "max_length": MAX_LENGTH}
    response = _results(request, wish, context)
    # Every choice of facets has an address: crawlers would walk them all.
    response["X-Robots-Tag"] = "noindex"
    return response


def _results(request: HttpRequest, wish: Wish, context: dict[str, Any]) -> HttpResponse:
    if wish.empty or wish.wordless:
        return render(request, "search/results.html", context | {"start": True})
    try:
        found = find(
            viewer_of(request),
            wish.text,
            filters=wish.filters,
            sort=wish.sort,
            page=wish.page,
            request=request,
            concepts=wish.concepts,
        )
    except (SearchUnavailable, TooManyLabels):
        return render(request, "search/results.html", context | {"unavailable": True}, status=503)
    return render(request, "search/results.html", context | _answer(request, wish, found))


def _answer(request: HttpRequest, wish: Wish, found: Found) -> dict[str, Any]:
    facets = groups(found.results.facets, viewer_of(request), wish.parameters)
    shown = min(found.results.total, MAX_OFFSET)
    return {
        "found": found,
        "items": found.items,
        "total": found.total,
        "exact": found.results.exact,
        "relaxed": found.results.relaxed,
        "capped": found.results.capped,
        "most": MAX_OFFSET,
        "shortened": wish.shortened or found.shortened,
        "facets": facets,
        "pills": [(group, choice) for group in facets for choice in group.chosen],
        "place": _place(facets),
        "also": _also(found),
        "complete": found.complete,
        "meant": _meant(request, wish, found),
        "page_obj": Paginator(range(shown), PER_PAGE).page(found.results.page),
    }


def _meant(request: HttpRequest, wish: Wish, found: Found) -> dict[str, str]:
    """A better spelling and its address, where nothing holds all the words."""
    if not wish.text or found.results.exact:
        return {}
    return _spelt(wish, correct(viewer_of(request), wish.text, wish.filters))


def _spelt(wish: Wish, text: str) -> dict[str, str]:
    """The same wish with other words, and its address."""
    if not text:
        return {}
    parameters = wish.parameters
    parameters["q"] = text
    return {"text": text, "url": f"?{parameters.urlencode()}"}


def _also(found: Found) -> dict[str, list[tuple[str, str]]]:
    """(language, text) of names searched too: the first of each language, and the rest."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for concept in found.also:
        for language, text in concept.labels:
            first.setdefault((concept.code, language), (language, text))
    shown = list(dict.fromkeys(first.values()))[:ALSO_SHOWN]
    every = dict.fromkeys(label for concept in found.also for label in concept.labels)
    return {"shown": shown, "more": [label for label in every if label not in shown]}


def _place(facets: list[Group]) -> dict[str, Any]:
    """The one workspace or organisation that is searched, where it has a name for this viewer."""
    chosen = {group.name: group.chosen for group in facets if group.chosen}
    for kind in ("workspace", "organisation"):
        choices = chosen.get(kind, ())
        if len(choices) == 1 and choices[0].language:
            return {"kind": kind, "choice": choices[0]}
    return {}


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """A list of suggestions for what is being typed; a piece of a page, kept by nobody."""
    if not SuggestThrottle().allow_request(request, None):  # type: ignore[arg-type]
        return HttpResponse(status=429, headers={"Cache-Control": "no-store", "Retry-After": "60"})
    try:
        found = suggesting.suggest(viewer_of(request), request.GET.get("q", ""), request)
    except (SearchUnavailable, TooManyLabels):
        found = []
    response = render(request, "search/suggestions.html", {"suggestions": found})
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def inside(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The pages of one document that hold the words of `?q=`."""
    document = visible_document(request, uuid)
    wish = _wish(request)
    context = context_for(
        request,
        document,
        below=True,
        wish=wish,
        max_length=MAX_LENGTH,
        url=reverse("documents:document", args=[uuid]),
    )
    if not wish.text:
        return render(request, "search/inside.html", context)
    try:
        found = find_inside(viewer_of(request), document, wish.text, concepts=wish.concepts)
    except (SearchUnavailable, TooManyLabels):
        return render(request, "search/inside.html", context | {"unavailable": True}, status=503)
    if request.method == "GET" and found.within.numbers and document.current_version:
        # What is shown of the pages is their text.
        record_view(acting_user=request.user, version=document.current_version)
    context |= {"found": found, "shortened": wish.shortened or found.shortened}
    if not found.within.every:
        ref = ref_of("document", document.uuid)
        context["meant"] = _spelt(wish, correct_within(viewer_of(request), ref, wish.text))
    return render(request, "search/inside.html", context | _places(wish, found))


def _places(wish: Wish, found: Inside) -> dict[str, Any]:
    """One page of the places in a document: those that hold all words apart from the others."""
    within = found.within
    paginator = Paginator(within.numbers, PER_PAGE)
    page_obj = paginator.get_page(min(wish.page, paginator.num_pages))
    shown = found.show(tuple(page_obj.object_list))
    every = [page for page in shown if page.number in within.every]
    return {
        "total": paginator.count,
        "page_obj": page_obj,
        "every": every,
        "some": [page for page in shown if page not in every],
        "some_start": page_obj.start_index() + len(every),
    }
