"""Search: the same question as on the page, with the same answer.

Invariant: what is found, counted and offered is what `search.service.find` says of this viewer.
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
from search.engines.base import FACETS, Sort
from search.query import MAX_LENGTH
from search.service import Found, Shown, find

NAME = "search"
VALUE_LIMIT = 80
SORTS = ("relevance", "date")


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


class SearchPage(serializers.Serializer[Any]):
    """A page of results."""

    results = HitSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()
    facets = FacetsSerializer()


class Search(ApiView):
    """Find words in everything that you may see."""

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter(
                "q",
                {"type": "string", "maxLength": MAX_LENGTH},
                description='Words, "phrases", -without, OR.',
            ),
            OpenApiParameter("sort", str, enum=SORTS),
            *(
                OpenApiParameter(
                    name, str, many=True, description="Any of these values; facets add up."
                )
                for name in FACETS
            ),
            *PAGING,
        ],
        responses=answers(SearchPage),
    )
    def get(self, request: Request) -> Response:
        """Search."""
        text, filters, sort = _text(request), _filters(request), _sort(request)
        if not text and not filters:
            raise BadParameter("q", "Say what to look for.")
        limit = limit_of(request)
        held = read_cursor(request, NAME) or {"page": 1, "size": limit}
        found = find(
            self.viewer,
            text,
            filters=filters,
            sort=sort,
            page=held["page"],
            size=held["size"],
            request=request._request,
        )
        return Response(self._answer(request, found, held["size"]))

    def _answer(self, request: Request, found: Found, size: int) -> dict[str, Any]:
        page, pages = found.results.page, found.results.pages

        def link(number: int) -> str:
            return link_with(request, NAME, {"page": number, "size": size})

        return {
            "results": data_of(HitSerializer, found.items, request=request),
            "next": link(page + 1) if page < pages else None,
            "previous": link(page - 1) if page > 1 else None,
            "total": found.total,
            "facets": _facets(found),
        }


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


def _sort(request: Request) -> Sort:
    wanted = request.query_params.get("sort", "relevance")
    if wanted not in SORTS:
        raise BadParameter("sort", f"Send one of: {', '.join(SORTS)}.")
    return "date" if wanted == "date" else "relevance"


def _facets(found: Found) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {"value": value.value, "count": value.count, "chosen": value.chosen} for value in values
        ]
        for name, values in found.results.facets.items()
    }
