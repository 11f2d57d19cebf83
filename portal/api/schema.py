"""What the description of the interface speaks of, and the words it uses for every address."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from portal.api.pagination import LIMIT, MAX_LIMIT


def only_v1(endpoints: list[Any]) -> list[Any]:
    """Keep the routes of API v1; Wagtail has routes of its own."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes an organisation's token."""

    target_class = "portal.api.authentication.OrganisationTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return how the token is sent."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that an administrator of your organisation made. "
            "Without one you see what is public.",
        }


class WrongParameterSerializer(serializers.Serializer[Any]):
    """Which parameter is wrong, and what to send instead."""

    parameter = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details after RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = WrongParameterSerializer(many=True, required=False)  # type: ignore[assignment]


def _problem(words: str) -> Any:
    return OpenApiResponse(response=ProblemSerializer, description=words)


PROBLEMS: dict[Any, Any] = {
    (400, "application/problem+json"): _problem("A parameter cannot be read."),
    (401, "application/problem+json"): _problem("The token is not valid."),
    (404, "application/problem+json"): _problem("Missing, or not shared with you."),
    (406, "application/problem+json"): _problem("Answers are written in JSON."),
    (429, "application/problem+json"): _problem("Too many requests."),
}
PAGING = [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT},
        description="How many items.",
    ),
    OpenApiParameter("cursor", str, description="From `next` or `previous` of an earlier answer."),
]


def answers(serializer: Any, media_type: str = "application/json") -> dict[Any, Any]:
    """Return the answers of an address: the good one and the problems."""
    return {(200, media_type): serializer, **PROBLEMS}


def data_of(serializer: type[serializers.Serializer[Any]], items: Any, **context: Any) -> Any:
    """Return many items as data."""
    return serializer(items, many=True, context=context).data


def page_of(item: type[serializers.Serializer[Any]], name: str) -> type[Any]:
    """Return the serializer of a page of items, for the description alone."""
    return type(
        f"{name}Page",
        (serializers.Serializer,),
        {
            "__doc__": "A page of a list.",
            "results": item(many=True),
            "next": serializers.CharField(allow_null=True),
            "previous": serializers.CharField(allow_null=True),
        },
    )
