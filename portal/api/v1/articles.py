"""Articles of the knowledge base. An article is its `id` in a language: two parts of its address.

Invariant: as for documents; other languages are named only where the viewer may read them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from coalitions.access import Viewer
from coalitions.network.models import Organisation
from knowledge.models import ArticleAudience, ArticlePage
from knowledge.text import body_as_data
from portal.api.pagination import Order, paginate
from portal.api.schema import PAGING, answers, data_of, page_of
from portal.api.v1.base import ApiView
from portal.api.v1.organisations import OrganisationReference
from portal.api.v1.parameters import Filter, article_number, code, instant, narrow, one_of
from portal.api.v1.surroundings import organisations_seen

NEWEST_FIRST = Order(("date", "translation_key", "locale_id"), descending=True)
LANGUAGES = tuple(language for language, _name in settings.LANGUAGES)
FILTERS = (
    Filter(
        "language",
        "Send a code of a language of the content, such as fr.",
        one_of(*LANGUAGES),
        "locale__language_code",
    ),
    Filter("theme", "Send the code of a theme.", code, "themes__code"),
    Filter(
        "convention_article",
        "Send the number of an article of the Convention, from 1 to 54.",
        article_number,
        "convention_articles__number",
    ),
    Filter(
        "changed_since",
        "Send an instant of ISO 8601, such as 2026-11-24T12:00:00Z.",
        instant,
        "last_published_at__gte",
    ),
)


@dataclass(frozen=True)
class Around:
    """What belongs to the articles of a page: by primary key, or by family."""

    publishers: dict[int, Organisation]
    levels: dict[UUID, str]
    languages: dict[UUID, list[str]]
    themes: dict[int, list[str]]
    numbers: dict[int, list[int]]


class TranslationReference(serializers.Serializer[Any]):
    """The same article in another language."""

    language = serializers.CharField()
    url = serializers.CharField()


class BlockSerializer(serializers.Serializer[Any]):
    """A part of the body. What `value` holds depends on `type`."""

    type = serializers.CharField()
    value = serializers.JSONField()


class ArticleSerializer(serializers.Serializer[ArticlePage]):
    """An article in one language."""

    id = serializers.UUIDField(source="translation_key", help_text="The same in all languages.")
    language = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    date = serializers.DateField()
    changed = serializers.DateTimeField(source="last_published_at", allow_null=True)
    themes = serializers.SerializerMethodField()
    convention_articles = serializers.SerializerMethodField()
    publisher = serializers.SerializerMethodField()
    shared_with = serializers.SerializerMethodField(help_text="coalition, network or public")
    translations = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="Its address for people.")
    url = serializers.SerializerMethodField()

    @property
    def around(self) -> Around:
        """What may be named."""
        found: Around = self.context["around"]
        return found

    def get_themes(self, article: ArticlePage) -> list[str]:
        """Return codes of themes."""
        return self.around.themes.get(article.pk, [])

    def get_convention_articles(self, article: ArticlePage) -> list[int]:
        """Return numbers of articles of the Convention."""
        return self.around.numbers.get(article.pk, [])

    @extend_schema_field(OrganisationReference(allow_null=True))
    def get_publisher(self, article: ArticlePage) -> Any:
        """Return the publishing organisation, where the viewer may see it."""
        publisher = self.around.publishers.get(article.publisher_id)
        return OrganisationReference(publisher).data if publisher else None

    def get_shared_with(self, article: ArticlePage) -> str:
        """Return who can see it: public, network or chosen coalitions."""
        return self.around.levels[article.translation_key]

    @extend_schema_field(TranslationReference(many=True))
    def get_translations(self, article: ArticlePage) -> list[dict[str, str]]:
        """Return its other languages, where the viewer may read them."""
        others = self.around.languages.get(article.translation_key, [])
        return [
            {"language": language, "url": self._address(article.translation_key, language)}
            for language in sorted(others)
            if language != article.language
        ]

    def get_page(self, article: ArticlePage) -> str:
        """Return the address of the page."""
        request: Request = self.context["request"]
        address = article.get_url(request._request)
        return request.build_absolute_uri(address) if address else ""

    def get_url(self, article: ArticlePage) -> str:
        """Return the address of this item."""
        return self._address(article.translation_key, article.language)

    def _address(self, key: UUID, language: str) -> str:
        return reverse("api-v1:article", args=[key, language], request=self.context["request"])


class WholeArticleSerializer(ArticleSerializer):
    """An article with its body."""

    body = serializers.SerializerMethodField()

    @extend_schema_field(BlockSerializer(many=True))
    def get_body(self, article: ArticlePage) -> list[dict[str, Any]]:
        """Return the body as far as the viewer may see it: links lead to visible things only."""
        request: Request = self.context["request"]
        return body_as_data(article, self.context["viewer"], request._request)


def seen_by(viewer: Viewer) -> QuerySet[ArticlePage]:
    """Return the viewer's articles."""
    seen: QuerySet[ArticlePage] = ArticlePage.objects.visible_to(viewer).select_related("locale")
    return seen


def around(articles: Sequence[ArticlePage], viewer: Viewer) -> Around:
    """Return what may be said around these articles. The number of queries does not grow."""
    keys = {article.translation_key for article in articles}
    pks = [article.pk for article in articles]
    audiences = ArticleAudience.objects.in_force().filter(translation_key__in=keys)
    family = ArticlePage.objects.visible_to(viewer).filter(translation_key__in=keys)
    languages: dict[UUID, list[str]] = defaultdict(list)
    for key, language in family.values_list("translation_key", "locale__language_code"):
        languages[key].append(language)
    return Around(
        publishers=organisations_seen((a.publisher_id for a in articles), viewer),
        levels=dict(audiences.values_list("translation_key", "level")),
        languages=languages,
        themes=_linked("themes", "theme__code", pks),
        numbers=_linked("convention_articles", "conventionarticle__number", pks),
    )


def _linked(field: str, value: str, pks: list[int]) -> dict[int, list[Any]]:
    """Return by article what is linked to it, read from the table between the two."""
    table: Any = getattr(ArticlePage, field).through
    rows = table.objects.filter(articlepage__in=pks).values_list("articlepage_id", value)
    found: dict[int, list[Any]] = defaultdict(list)
    for pk, linked in sorted(rows):
        found[pk].append(linked)
    return found


class ArticleList(ApiView):
    """The articles that you may see, the newest first; one item per language."""

    @extend_schema(
        operation_id="articles",
        parameters=[*PAGING, *(one.parameter() for one in FILTERS)],
        responses=answers(page_of(ArticleSerializer, "Article")),
    )
    def get(self, request: Request) -> Response:
        """List articles."""
        articles = narrow(seen_by(self.viewer), request, FILTERS)
        page = paginate(articles, request, NEWEST_FIRST, "articles")
        said = around(page.items, self.viewer)
        data = data_of(ArticleSerializer, page.items, request=request, around=said)
        return Response(page.answer(data))


class ArticleDetail(ApiView):
    """One article in one language."""

    @extend_schema(operation_id="article", responses=answers(WholeArticleSerializer))
    def get(self, request: Request, key: UUID, language: str) -> Response:
        """Show one article."""
        found = seen_by(self.viewer).filter(translation_key=key, locale__language_code=language)
        article = found.first()
        if article is None:
            raise Http404
        context = {
            "request": request,
            "viewer": self.viewer,
            "around": around([article], self.viewer),
        }
        return Response(WholeArticleSerializer(article, context=context).data)
