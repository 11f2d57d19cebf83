"""The feed of new and revised articles of one language.

Invariant: like the site map, it holds what a stranger may read, whoever asks.
"""

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from coalitions.access import STRANGER
from knowledge.models import ArticlePage

NEWEST = 30


class ArticleFeed(Feed):  # type: ignore[type-arg]
    """Atom, newest first."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, language: str) -> str:
        """Return the language, if articles are written in it at all."""
        if language not in dict(settings.LANGUAGES):
            raise Http404
        self.request = request
        return language

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Write titles and dates in the language of the feed."""
        language = kwargs.get("language", settings.LANGUAGE_CODE)
        known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(known):
            return super().__call__(request, *args, **kwargs)

    def title(self, language: str) -> str:
        return _("Knowledge articles")

    def link(self, language: str) -> str:
        return f"/{language}/knowledge/"

    def feed_url(self, language: str) -> str:
        return f"/feeds/articles.{language}.xml"

    def items(self, language: str) -> Any:
        return (
            ArticlePage.objects.visible_to(STRANGER)
            .filter(locale__language_code=language)
            .select_related("locale")
            .order_by("-date", "-pk")[:NEWEST]
        )

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> str:
        return str(item.summary)

    def item_link(self, item: Any) -> str:
        return item.get_url() or "/"

    def item_guid(self, item: Any) -> str:
        return f"urn:uuid:{item.translation_key}:{item.language}"

    def item_updateddate(self, item: Any) -> datetime:
        return datetime.combine(item.date, time(), UTC)
