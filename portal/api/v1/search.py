"""Search: the same question as on the page, with the same answer.

Invariant: what is found, counted and offered is what `search.service.find` says of this viewer. A
parameter that means nothing here is refused: an answer to another question would look right.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from portal.api.pagination import limit_of, link_with, read_cursor
from portal.api.problems import BadParameter
from portal.api.schema import PAGING, answers, data_of
from portal.api.v1.base import ApiView
from portal.api.v1.document_data import WorkspaceReference
from portal.api.v1.organisations import OrganisationReference
from search.correcting import correct
from search.engines.base import FACETS
from search.query import MAX_LENGTH
from search.service import AlsoSearched, Found, Shown, find
from search.showing import PageShown

NAME = "search"
VALUE_LIMIT = 80
SORTS = ("relevance", "date")
# As on the page, where both ways of saying it stand in addresses.
CONCEPTS = ("on", "off", "1", "0")
CONCEPTS_ON = ("on", "1")
FACET_WORDS = {
    "kind": "article, document or organisation",
    "theme": "the code of a theme",
    "article": "the number of an article of the Convention on the Rights of the Child",
    "country": "a two-letter code of ISO 3166-1",
    "organisation": "the id of the owner or publisher",
    "workspace": "the id of a workspace",
    "language": "the code of a language of the content, such as fr",
    "type": "the code of a document type",
    "year": "four digits",
    "audience": "with whom it is shared, as `shared_with` of a result says it",
}
KNOWN = ("q", *FACETS, "sort", "concepts", "limit", "cursor")
LONGEST_NAME = 40


class PageHitSerializer(serializers.Serializer[PageShown]):
    """A page of a document that holds something asked for."""

    page = serializers.IntegerField(source="number")
    snippet = serializers.CharField(source="snippet.text")


class HitSerializer(serializers.Serializer[Shown]):
    """Something found."""

    kind = serializers.ChoiceField(choices=["article", "document", "organisation"])
    id = serializers.UUIDField(source="uuid")
    title = serializers.CharField()
    language = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    shared_with = serializers.CharField(source="rung")
    child_data = serializers.BooleanField()
    organisation = OrganisationReference(allow_null=True)
    workspace = WorkspaceReference(allow_null=True)
    snippet = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="The page of a document that fits best.")
    pages = PageHitSerializer(many=True, help_text="Its best pages, best first; at most three.")
    url = serializers.SerializerMethodField()

    def get_snippet(self, hit: Shown) -> str:
        """Return the words around what was found."""
        return hit.snippet.text

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_page(self, hit: Shown) -> int | None:
        """Return the number of the page, where the thing has pages and one of them fits."""
        return hit.page or None

    def get_url(self, hit: Shown) -> str:
        """Return the address of the item itself."""
        if hit.kind == "article":
            arguments: list[Any] = [hit.uuid, hit.language]
        elif hit.kind == "organisation":
            arguments = [hit.thing.slug]
        else:
            arguments = [hit.uuid]
        return reverse(f"api-v1:{hit.kind}", args=arguments, request=self.context["request"])


class FacetSerializer(serializers.Serializer[Any]):
    """A value to narrow by, with the number of results that it would leave."""

    value = serializers.CharField()
    count = serializers.IntegerField()
    chosen = serializers.BooleanField()


FacetsSerializer = type(
    "FacetsSerializer",
    (serializers.Serializer,),
    {
        "__doc__": "By facet: its values. Its counts leave its own selection out of account.",
        **{name: FacetSerializer(many=True, required=False) for name in FACETS},
    },
)


class NameSerializer(serializers.Serializer[Any]):
    """A name in a language."""

    language = serializers.CharField()
    name = serializers.CharField()


class AlsoSearchedSerializer(serializers.Serializer[AlsoSearched]):
    """A concept among the words, and its other names, which were looked for too."""

    typed = serializers.CharField()
    names = serializers.SerializerMethodField()

    @extend_schema_field(NameSerializer(many=True))
    def get_names(self, concept: AlsoSearched) -> list[dict[str, str]]:
        """Return each name with its language."""
        return [{"language": language, "name": text} for language, text in concept.labels]


class SearchPage(serializers.Serializer[Any]):
    """A page of results."""

    results = HitSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()
    exact = serializers.IntegerField(help_text="How many hold all the words; they come first.")
    also_searched = AlsoSearchedSerializer(many=True)
    did_you_mean = serializers.CharField(
        allow_null=True, help_text="The words as they may have been meant, if that finds something."
    )
    complete = serializers.BooleanField(
        help_text="False while the reserve index answers, which may find less."
    )
    facets = FacetsSerializer()


class Search(ApiView):
    """Find words in everything that you may see. Parameters that are not named here are refused."""

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter(
                "q",
                {"type": "string", "maxLength": MAX_LENGTH},
                description='Words, "phrases", -without, OR. Left out where a facet is sent.',
            ),
            OpenApiParameter(
                "sort",
                str,
                enum=SORTS,
                default=SORTS[0],
                description="relevance: what fits best first; date: the newest first.",
            ),
            *(
                OpenApiParameter(
                    name,
                    str,
                    many=True,
                    description=f"Only results with this value: {FACET_WORDS[name]}. Sent several"
                    " times: with any of them. Several facets: with all of them.",
                )
                for name in FACETS
            ),
            OpenApiParameter(
                "concepts",
                str,
                enum=CONCEPTS,
                default=CONCEPTS[0],
                description="off or 0: the words alone, not the names of the same in other"
                " languages. on or 1: those too.",
            ),
            *PAGING,
        ],
        responses=answers(SearchPage),
    )
    def get(self, request: Request) -> Response:
        """Search."""
        _refuse_unknown(request)
        text, filters, sort = _text(request), _filters(request), _one_of(request, "sort", SORTS)
        if not text and not filters:
            raise BadParameter("q", "Say what to look for.")
        limit = limit_of(request)
        held = read_cursor(request, NAME) or {"page": 1, "size": limit}
        found = find(
            self.viewer,
            text,
            filters=filters,
            sort="date" if sort == "date" else "relevance",
            concepts=_one_of(request, "concepts", CONCEPTS) in CONCEPTS_ON,
            page=held["page"],
            size=held["size"],
            request=request._request,
        )
        meant = ""
        if text and not found.results.exact:
            meant = correct(self.viewer, text, filters)
        return Response(self._answer(request, found, held["size"], meant))

    def _answer(self, request: Request, found: Found, size: int, meant: str) -> dict[str, Any]:
        page, pages = found.results.page, found.results.pages

        def link(number: int) -> str:
            return link_with(request, NAME, {"page": number, "size": size})

        return {
            "results": data_of(HitSerializer, found.items, request=request),
            "next": link(page + 1) if page < pages else None,
            "previous": link(page - 1) if page > 1 else None,
            "total": found.total,
            "exact": found.results.exact,
            "also_searched": data_of(AlsoSearchedSerializer, found.also, request=request),
            "did_you_mean": meant or None,
            "complete": found.complete,
            "facets": _facets(found),
        }


def _refuse_unknown(request: Request) -> None:
    for name in request.query_params:
        if name == "page":
            advice = "Follow `next` and `previous` of an answer: their `cursor` says which page."
            raise BadParameter(name, f"{advice} `limit` says how many results a page holds.")
        if name not in KNOWN:
            advice = f"There is no such parameter here. Send any of: {', '.join(KNOWN)}."
            raise BadParameter(name[:LONGEST_NAME], advice)


def _text(request: Request) -> str:
    text = " ".join(request.query_params.get("q", "").split())
    if len(text) > MAX_LENGTH:
        raise BadParameter("q", f"Send {MAX_LENGTH} characters or fewer.")
    return text


def _filters(request: Request) -> dict[str, list[str]]:
    chosen = {name: request.query_params.getlist(name) for name in FACETS}
    for name, values in chosen.items():
        if len(values) > VALUE_LIMIT or any(not 0 < len(v) <= VALUE_LIMIT for v in values):
            raise BadParameter(name, "Send a value of this facet, as an answer gave it.")
    return {name: values for name, values in chosen.items() if values}


def _one_of(request: Request, name: str, choices: tuple[str, ...]) -> str:
    """Return a parameter with few values; the first stands where it is not sent."""
    wanted = request.query_params.get(name, choices[0])
    if wanted not in choices:
        raise BadParameter(name, f"Send one of: {', '.join(choices)}.")
    return wanted


def _facets(found: Found) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {"value": value.value, "count": value.count, "chosen": value.chosen} for value in values
        ]
        for name, values in found.results.facets.items()
    }
