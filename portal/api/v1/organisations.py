"""Organisations: the directory, as far as the viewer may see it. No people."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from coalitions.network.models import Organisation
from portal.api.pagination import Order, paginate
from portal.api.schema import PAGING, answers, data_of, page_of
from portal.api.v1.base import ApiView
from portal.api.v1.parameters import Filter, country, narrow, one_of

KINDS = tuple(Organisation.Kind.values)
FILTERS = (
    Filter("kind", f"Send one of: {', '.join(KINDS)}.", one_of(*KINDS), "kind"),
    Filter(
        "country",
        "Send a two-letter code of ISO 3166-1, such as NL.",
        country,
        "countries__code",
    ),
)


class OrganisationReference(serializers.Serializer[Organisation]):
    """Which organisation, in few words."""

    id = serializers.UUIDField(source="uuid")
    slug = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField(), help_text="By language.")


class OrganisationSerializer(OrganisationReference):
    """An organisation of the network."""

    kind = serializers.ChoiceField(choices=KINDS)
    networks = serializers.ListField(child=serializers.CharField(), help_text="dci, ecpat")
    countries = serializers.SerializerMethodField()
    languages = serializers.ListField(child=serializers.CharField())
    website = serializers.CharField()
    listed = serializers.BooleanField(help_text="Whether strangers see it too.")
    url = serializers.SerializerMethodField()

    def get_countries(self, organisation: Organisation) -> list[str]:
        """Return ISO 3166-1 codes, from what was fetched for the whole page."""
        return sorted(country.code for country in organisation.countries.all())

    def get_url(self, organisation: Organisation) -> str:
        """Return the address of this item."""
        return reverse(
            "api-v1:organisation", args=[organisation.slug], request=self.context["request"]
        )


class OrganisationList(ApiView):
    """The organisations that you may see, by short name."""

    @extend_schema(
        operation_id="organisations",
        parameters=[*PAGING, *(one.parameter() for one in FILTERS)],
        responses=answers(page_of(OrganisationSerializer, "Organisation")),
    )
    def get(self, request: Request) -> Response:
        """List organisations."""
        seen = Organisation.objects.visible_to(self.viewer).prefetch_related("countries")
        page = paginate(narrow(seen, request, FILTERS), request, Order(("slug",)), "organisations")
        data = data_of(OrganisationSerializer, page.items, request=request)
        return Response(page.answer(data))


class OrganisationDetail(ApiView):
    """One organisation."""

    @extend_schema(operation_id="organisation", responses=answers(OrganisationSerializer))
    def get(self, request: Request, slug: str) -> Response:
        """Show one organisation."""
        seen = Organisation.objects.visible_to(self.viewer).prefetch_related("countries")
        organisation = seen.filter(slug=slug).first()
        if organisation is None:
            raise Http404
        context: dict[str, Any] = {"request": request}
        return Response(OrganisationSerializer(organisation, context=context).data)
