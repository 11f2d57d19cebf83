"""Files, through the one place that answers them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from coalitions.documents.downloads import download_response
from portal.api.models import ApiToken
from portal.api.schema import answers
from portal.api.v1.base import ApiView


class AnyMediaType(BaseContentNegotiation):
    """A file comes as it is, whatever is asked for; problems come in JSON."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        """Return the renderer of problems."""
        return renderers[0], renderers[0].media_type


class Download(ApiView):
    """The file of a version."""

    content_negotiation_class = AnyMediaType

    @extend_schema(
        operation_id="download",
        responses=answers(OpenApiTypes.BINARY, "application/octet-stream"),
    )
    def get(self, request: Request, uuid: UUID, number: int) -> HttpResponseBase:
        """Return the file. `Range` is understood."""
        token = request.auth if isinstance(request.auth, ApiToken) else None
        return download_response(
            request._request,
            document_uuid=uuid,
            number=number,
            viewer=self.viewer,
            actor=request.user if request.user and request.user.is_authenticated else None,
            acting_organisation=token.organisation if token else None,
        )
