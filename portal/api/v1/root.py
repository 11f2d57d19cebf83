"""The first address, and the description of all of them."""

from typing import Any, ClassVar

from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from portal.api.schema import answers
from portal.api.v1.base import ApiView

PLACES = ("organisations", "articles", "documents", "search", "schema", "docs")


class RootSerializer(serializers.Serializer[Any]):
    """Where to go on."""

    organisations = serializers.CharField()
    articles = serializers.CharField()
    documents = serializers.CharField()
    search = serializers.CharField()
    schema = serializers.CharField()
    docs = serializers.CharField()


class Root(ApiView):
    """The addresses of this interface."""

    @extend_schema(operation_id="root", responses=answers(RootSerializer))
    def get(self, request: Request) -> Response:
        """List the addresses."""
        return Response({place: reverse(f"api-v1:{place}", request=request) for place in PLACES})


class Schema(ApiView, SpectacularAPIView):
    """The description of this interface (OpenAPI), the same for everybody."""

    renderer_classes: ClassVar[list[Any]] = [OpenApiJsonRenderer2]  # type: ignore[misc]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the description."""
        describe: Any = SpectacularAPIView.get
        answer: Response = describe(self, request, *args, **kwargs)
        return answer
