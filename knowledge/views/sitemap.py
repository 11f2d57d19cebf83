"""The site map: what a stranger may read, for every asker alike.

Invariant: made for the stranger even when a signed-in person asks, so that no copy of it can hold
more than that.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from coalitions.access import STRANGER
from knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage

LIMIT = 20_000


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer with the public pages of the site that is asked."""
    places = (
        Page.objects.live()
        .filter(alias_of__isnull=True)
        .type(HomePage, KnowledgeIndexPage)
        .select_related("locale")
        .order_by("pk")
    )
    seen = ArticlePage.objects.visible_to(STRANGER).select_related("locale")
    articles = seen.order_by("pk")[:LIMIT]
    entries = [
        {"url": request.build_absolute_uri(url), "changed": page.last_published_at}
        for page in [*places, *articles]
        if (url := page.get_url(request))
    ]
    return render(
        request, "knowledge/sitemap.xml", {"entries": entries}, content_type="application/xml"
    )
