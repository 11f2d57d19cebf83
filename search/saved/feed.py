"""The Atom feed of a saved search, for a program that holds its key.

Invariant: run anew at each request, as its owner of that moment. A feed reader keeps what it
reads, so that what is not public stands there by its reference or its kind alone, and leads to
a page that asks to sign in. The key stands in the feed's link to itself, for whoever sent it, and
nowhere else. A key that is unknown, closed or of a deactivated account gets the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle

from coalitions.access import STRANGER
from coalitions.network.viewers import viewer_for
from search.models import SavedSearch, SavedSearchFind
from search.saved.keys import digests_of, is_key
from search.saved.letters import one_line
from search.saved.present import present_refs, seen_now
from search.saved.question import question_of
from search.service import SearchUnavailable, Shown, TooManyLabels

NEWEST: Final = 30
AWAY_SECONDS: Final = 600


class FeedThrottle(SimpleRateThrottle):
    """How often one feed may be read, by however many programs: each time it is a search."""

    rate = "10/min"
    words = "this feed was read too often. Wait a minute."

    def __init__(self, saved: SavedSearch) -> None:
        super().__init__()
        self.saved = saved

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        """Under which name a request counts."""
        return f"search.feed:{self.saved.pk}"


class OwnerThrottle(FeedThrottle):
    """How often all feeds of one person may be read together."""

    rate = "60/min"
    words = "the feeds of this person were read too often. Wait a minute."

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        """Under which name a request counts."""
        return f"search.feeds-of:{self.saved.owner_id}"


class SteadyAtom(Atom1Feed):
    """Atom that is the same bytes as long as nothing is new, also while it is empty."""

    def latest_post_date(self) -> datetime:
        """The moment of the newest entry; without any, that at which the feed was opened."""
        if self.items:
            return super().latest_post_date()
        opened: datetime = self.feed["opened"]
        return opened


class Entry:
    """A result as the feed tells it. `public` is None where a stranger may not read it."""

    def __init__(self, saved: SavedSearch, find: SavedSearchFind, item: Shown, *, public: bool):
        self.guid = uuid5(NAMESPACE_URL, f"{saved.uuid}:{find.ref}").urn
        self.updated = find.first_seen
        self.title = one_line(item.title) if public else discreet_title(item)
        self.url = item.url if public else _closed_url(saved, item)
        self.summary = (
            _summary(item) if public else _("Not public. Sign in to the portal to see it.")
        )


def discreet_title(item: Shown) -> str:
    """What may be said of something that is not public."""
    if item.kind == "document":
        return _("Document %(reference)s") % {"reference": item.thing.reference}
    if item.kind == "article":
        return _("A knowledge article that is not public")
    return _("An organisation that is not listed publicly")


def _summary(item: Shown) -> str:
    """What kind of public thing it is, and of which day."""
    kinds = {
        "article": _("Knowledge article"),
        "document": _("Document"),
        "organisation": _("Organisation"),
    }
    told = [kinds[item.kind]]
    if item.date is not None:
        told.append(date_format(item.date, "DATE_FORMAT"))
    return " · ".join(told)


def _closed_url(saved: SavedSearch, item: Shown) -> str:
    # The addresses of articles and organisations are made of their names.
    if item.kind == "document":
        return item.url
    return reverse("search:saved-one", args=[saved.uuid])


class SavedSearchFeed(Feed):  # type: ignore[type-arg]
    """Atom, what came last first."""

    feed_type = SteadyAtom

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the search by its key; answer in the language in which it was saved."""
        saved = search_of(str(kwargs.get("key", "")))
        if saved is None:
            return _kept_by_nothing(_plain("404: there is no such feed.\n", 404))
        for throttle in (FeedThrottle(saved), OwnerThrottle(saved)):
            if not throttle.allow_request(request, None):  # type: ignore[arg-type]
                response = _plain(f"429: {throttle.words}\n", 429)
                response.headers["Retry-After"] = str(ceil(throttle.wait() or 60))
                return _kept_by_nothing(response)
        with translation.override(saved.language):
            try:
                return _kept_by_nothing(super().__call__(request, saved=saved))
            except (SearchUnavailable, TooManyLabels):
                response = _plain("503: search does not answer at the moment.\n", 503)
                response.headers["Retry-After"] = str(AWAY_SECONDS)
                return _kept_by_nothing(response)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> SavedSearch:
        """The search that was found."""
        saved: SavedSearch = kwargs["saved"]
        return saved

    def title(self, saved: SavedSearch) -> str:
        return _("Saved search no. %(number)d") % {"number": saved.number}

    def link(self, saved: SavedSearch) -> str:
        return reverse("search:saved-one", args=[saved.uuid])

    def feed_guid(self, saved: SavedSearch) -> str:
        return str(saved.uuid.urn)

    def author_name(self, saved: SavedSearch) -> str:
        return _("Network Portal")

    def items(self, saved: SavedSearch) -> list[Entry]:
        return entries_of(saved)

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def feed_extra_kwargs(self, saved: SavedSearch) -> dict[str, Any]:
        return {"opened": saved.feed_made}

    def item_description(self, item: Any) -> str:
        # Atom's summary is HTML here.
        return escape(item.summary)

    def item_link(self, item: Any) -> str:
        return str(item.url)

    def item_guid(self, item: Any) -> str:
        return str(item.guid)

    def item_updateddate(self, item: Any) -> datetime:
        moment: datetime = item.updated
        return moment


def search_of(key: str) -> SavedSearch | None:
    """The search whose feed this key opens; None: unknown, closed, of a deactivated account."""
    if not is_key(key):
        return None
    found: SavedSearch | None = (
        SavedSearch.objects.filter(feed_digest__in=digests_of(key), owner__is_active=True)
        .select_related("owner")
        .first()
    )
    return found


def entries_of(saved: SavedSearch) -> list[Entry]:
    """The newest of what the owner finds and may see at this moment."""
    viewer = viewer_for(saved.owner)
    present = present_refs(viewer, question_of(saved))
    _remember(saved, present)
    finds = SavedSearchFind.objects.filter(saved_search=saved).order_by("-first_seen", "-pk")
    still = set(present)
    newest = [find for find in finds.iterator() if find.ref in still][:NEWEST]
    seen = seen_now(viewer, (find.ref for find in newest))
    public = seen_now(STRANGER, seen)
    return [
        Entry(saved, find, seen[find.ref], public=find.ref in public)
        for find in newest
        if find.ref in seen
    ]


def _remember(saved: SavedSearch, refs: Iterable[str]) -> None:
    """Note since when each result is there. Mail has not told of what is noted here."""
    known = set(SavedSearchFind.objects.filter(saved_search=saved).values_list("ref", flat=True))
    new = [ref for ref in refs if ref not in known]
    if new:
        SavedSearchFind.objects.bulk_create(
            (SavedSearchFind(saved_search=saved, ref=ref) for ref in reversed(new)),
            ignore_conflicts=True,
        )


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _kept_by_nothing(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    if "Last-Modified" in response.headers:
        # Nothing is kept, so that there is nothing to compare it with.
        del response.headers["Last-Modified"]
    return response
