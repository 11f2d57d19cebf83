"""The plainest Django views that do the same work as the pages they are compared with.

Invariant: each reads the same rows with the fewest queries the ORM can do it in, and writes the
same fields through a bare template or `JsonResponse`. No permission, no session, no middleware,
no base template, no choice of language: a lower bound, not something anyone would run.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from coalitions.documents.models import Document, DocumentAudience, DocumentPage
from knowledge.models import ArticlePage
from search.models import PAGE_BITS, Entry

PER_PAGE = 25
LIST = """<h1>{{ count }} documents</h1><table>{% for document in documents %}<tr>
<th><a href="/documents/{{ document.uuid }}/">{{ document.title }}</a> {{ document.reference }}
{{ document.owner.name }}</th><td>{{ document.in_force.0.rung }}</td>
<td>{{ document.type.label }}</td><td>{{ document.language }}</td>
<td>{{ document.changed|date:"j M Y" }}</td>
<td>{{ document.current_version.size }}</td></tr>{% endfor %}</table>"""
ARTICLE = """{% load wagtailcore_tags %}<h1>{{ page.title }}</h1><p>{{ page.summary }}</p>
<p>{{ page.date|date }} {{ page.publisher.name }}</p>
<ul>{% for other in languages %}<li>{{ other.locale.language_code }}</li>{% endfor %}</ul>
{% for block in page.body %}{% include_block block %}{% endfor %}
<ul>{% for theme in page.themes.all %}<li>{{ theme.label }}</li>{% endfor %}</ul>
<ul>{% for article in page.convention_articles.all %}<li>{{ article }}</li>{% endfor %}</ul>
<ul>{% for other in related %}<li>{{ other.title }}</li>{% endfor %}</ul>"""
RESULTS = """<h1>{{ total }} results</h1>
<ul>{% for name, value, count in facets %}<li>{{ name }} {{ value }} {{ count }}</li>
{% endfor %}</ul>
<ol>{% for document, page in items %}<li><h2><a href="/documents/{{ document.uuid }}/">
{{ document.title }}</a></h2>{{ document.owner.name }} {{ document.created|date }}
{{ document.in_force.0.rung }} <p>{{ page.number }} {{ page.text|truncatechars:240 }}</p></li>
{% endfor %}</ol>"""
_bare = engines["django"]
_LIST, _ARTICLE, _RESULTS = (_bare.from_string(text) for text in (LIST, ARTICLE, RESULTS))


def _audience() -> "Prefetch[Any]":
    rows = DocumentAudience.objects.filter(until__isnull=True)
    return Prefetch("audiences", queryset=rows, to_attr="in_force")


def documents(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the first page of a workspace's documents."""
    rows = Document.objects.filter(workspace__uuid=uuid, trashed__isnull=True)
    shown = rows.select_related("type", "owner", "current_version").prefetch_related(_audience())
    context = {"documents": shown.order_by("-changed", "-pk")[:PER_PAGE], "count": rows.count()}
    return HttpResponse(_LIST.render(context))


def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article with its languages and three others on its themes."""
    page = ArticlePage.objects.select_related("locale", "publisher").get(slug=slug)
    languages = ArticlePage.objects.filter(translation_key=page.translation_key)
    related = ArticlePage.objects.filter(themes__in=page.themes.all(), locale=page.locale_id)
    context = {
        "page": page,
        "languages": languages.select_related("locale"),
        "related": related.exclude(pk=page.pk).distinct().order_by("-date")[:3],
    }
    return HttpResponse(_ARTICLE.render(context))


def _data() -> QuerySet[Document]:
    rows: QuerySet[Document] = Document.objects.select_related(
        "type", "owner", "workspace", "programme", "translation_of", "current_version__extraction"
    ).prefetch_related("themes", "articles", "countries", _audience())
    return rows


def api_list(request: HttpRequest) -> JsonResponse:
    """List fifty documents."""
    return JsonResponse({"results": [_as_data(d) for d in _data().order_by("-created")[:50]]})


def api_detail(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Show one document."""
    return JsonResponse(_as_data(_data().get(uuid=uuid)))


def _as_data(document: Any) -> dict[str, Any]:
    version, audience = document.current_version, document.in_force[0]
    address = f"http://testserver/api/v1/documents/{document.uuid}/"
    return {
        "id": document.uuid,
        "reference": document.reference,
        "title": document.title,
        "language": document.language,
        "type": document.type and {"code": document.type.code, "labels": document.type.labels},
        "date": document.date,
        "themes": [theme.code for theme in document.themes.all()],
        "convention_articles": [article.number for article in document.articles.all()],
        "countries": [country.code for country in document.countries.all()],
        "owner": {"id": document.owner.uuid, "slug": document.owner.slug},
        "workspace": {"id": document.workspace.uuid, "name": document.workspace.name},
        "programme": document.programme and document.programme.code,
        "translation_of": document.translation_of and document.translation_of.uuid,
        "shared_with": audience.rung,
        "child_data": audience.child_data,
        "created": document.created,
        "changed": document.changed,
        "version": {
            "number": version.number,
            "name": version.name,
            "size": version.size,
            "media_type": version.media_type,
            "sha256": version.sha256,
            "note": version.note,
            "created": version.created,
            "text": version.extraction.state,
            "page_count": version.extraction.page_count,
            "pages": f"{address}versions/{version.number}/pages/",
            "download": f"{address}versions/{version.number}/download/",
        },
        "url": address,
        "versions": f"{address}versions/",
        "pages": f"{address}pages/",
    }


# One MATCH without stems, phrases, labels or relaxation; totals, facets and the ten best.
MATCHES = f"""WITH raw AS MATERIALIZED (
  SELECT rowid AS page, -bm25(search_text_all) AS score
  FROM search_text_all WHERE search_text_all MATCH %s),
best AS MATERIALIZED (SELECT page >> {PAGE_BITS} AS entry, page, max(score) AS score
  FROM raw GROUP BY page >> {PAGE_BITS})
SELECT 'total', '', count(*) FROM best
UNION ALL SELECT f.name, f.value, count(*)
  FROM best JOIN search_entryfacet f ON f.entry_id = best.entry GROUP BY f.name, f.value
UNION ALL SELECT * FROM (SELECT 'hit', entry, page FROM best ORDER BY score DESC LIMIT 10)"""  # noqa: S608


def results(request: HttpRequest) -> HttpResponse:
    """Search for the words as they stand in the index."""
    with connection.cursor() as cursor:
        cursor.execute(MATCHES, [request.GET["q"]])
        rows = cursor.fetchall()
    best = {entry: page for part, entry, page in rows if part == "hit"}
    families = dict(Entry.objects.filter(pk__in=best).values_list("pk", "family"))
    found = Document.objects.filter(uuid__in=families.values()).prefetch_related(_audience())
    by_uuid = {str(document.uuid): document for document in found.select_related("owner")}
    ordered = [(by_uuid[families[entry]], page) for entry, page in best.items()]
    versions = [document.current_version_id for document, _page in ordered]
    texts = {
        (page.version_id, page.number): page
        for page in DocumentPage.objects.filter(version__in=versions)
    }
    last = (1 << PAGE_BITS) - 1
    context = {
        "total": rows[0][2],
        "facets": [row for row in rows if row[0] not in ("total", "hit")],
        "items": [(d, texts[d.current_version_id, (page & last) + 1]) for d, page in ordered],
    }
    return HttpResponse(_RESULTS.render(context))


urlpatterns = [
    path("workspaces/<uuid:uuid>/documents/", documents),
    path("articles/<slug:slug>/", article),
    path("documents/", api_list),
    path("documents/<uuid:uuid>/", api_detail),
    path("search/", results),
]
