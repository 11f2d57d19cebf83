"""Home, list and article as pages: what they show, to whom, at what cost."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalitions.network.models import ConventionArticle, Theme
from knowledge.models import ArticlePage, HomePage
from tests.knowledge.makers import make_article
from tests.worlds import make_coalition, make_organisation, make_person


def text(path: str, user=None, status: int = 200) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def reader():
    return make_person(make_organisation())


def test_the_home_page_counts_what_this_viewer_sees(reader):
    theme = Theme.objects.filter(parent__isnull=True)[0]
    third = ConventionArticle.objects.get(number=3)
    make_article("public", themes=[theme], convention_articles=[third])
    make_article("network", themes=[theme], convention_articles=[third])
    make_article("network", themes=[theme], convention_articles=[third], live=False)
    assert "Article 3: 1 text" in text("/en/")
    assert "Article 3: 2 texts" in text("/en/", reader)
    assert "1 knowledge article<" in text("/en/")
    assert "2 knowledge articles<" in text("/en/", reader)


def test_counts_are_of_families_and_the_list_behind_them_holds_as_many(reader):
    theme = Theme.objects.filter(parent__isnull=False)[0]
    source = make_article("public", themes=[theme])
    make_article(None, themes=[theme], language="fr", translation_of=source)
    make_article("public", themes=[theme], language="fr")
    home = text("/en/")
    link = re.search(r'href="([^"]*theme=' + theme.parent.code + ')"', home).group(1)
    assert "2 knowledge articles<" in home
    listed = text(link.replace("&amp;", "&"))
    assert "2 articles, each shown once" in listed


def test_a_language_lists_its_own_articles(reader):
    english = make_article("public", title="Only in English words")
    assert english.title in text("/en/knowledge/")
    for code in ("fr", "ar", "pt", "de"):
        assert english.title not in text(f"/{code}/knowledge/")
        assert english.title in text(f"/{code}/knowledge/?language=all")
        text(f"/{code}/knowledge/{english.slug}/", status=404)


def test_a_language_without_a_home_page_has_no_page_at_all():
    HomePage.objects.get(locale__language_code="fr").unpublish()
    text("/fr/", status=404)
    HomePage.objects.get(locale__language_code="fr").delete()
    text("/fr/", status=404)
    text("/fr/knowledge/", status=404)


def test_the_language_row_names_what_is_published_and_says_not_yet(reader):
    source = make_article("network")
    make_article(None, language="nl", translation_of=source)
    make_article(None, language="fr", translation_of=source, live=False)
    row = text(f"/en/knowledge/{source.slug}/", reader)
    row = row[row.index('class="article-languages"') :]
    row = row[: row.index("</nav>")]
    assert row.count("not yet") == 5
    assert row.count('class="tag tag-plain">source') == 1
    assert "/nl/knowledge/" in row
    assert "/fr/knowledge/" not in row


def test_the_title_of_what_is_not_public_is_discreet(reader):
    closed, opened = make_article("network", title="Kestrel"), make_article("public", title="Owl")
    title = re.search(r"<title>.*?</title>", text(f"/en/knowledge/{closed.slug}/", reader)).group()
    assert "Kestrel" not in title
    assert f"K-{closed.translation_key.hex[:6].upper()}" in title
    assert "<title>Owl" in text(f"/en/knowledge/{opened.slug}/")


def test_publisher_and_coalitions_are_named_to_those_who_may_know_them():
    member = make_organisation()
    hidden = make_organisation("Quiet Heron House", listed=False)
    coalition = make_coalition(member, name="Velvet Accord")
    article = make_article("public", publisher=hidden)
    path = f"/en/knowledge/{article.slug}/"
    for page in (path, "/en/", "/en/knowledge/"):
        assert "Quiet Heron" not in text(page)
    assert "Quiet Heron" in text(path, make_person(member))
    closed = make_article("network", coalition)
    path = f"/en/knowledge/{closed.slug}/"
    assert "Velvet Accord" in text(path, make_person(member))
    assert "Velvet Accord" not in text(path, make_person(make_organisation()))


def test_queries_do_not_grow_with_the_list(reader):
    client = Client()
    client.force_login(reader)
    theme = Theme.objects.first()
    counts = {}
    for size in (6, 16):
        while ArticlePage.objects.count() < size:
            source = make_article("network", themes=[theme])
            make_article(None, language="fr", translation_of=source, themes=[theme])
        for path in ("/en/", "/en/knowledge/", "/en/knowledge/?language=all", source.get_url()):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            kind = path if "?" in path or path.count("/") < 4 else "article"
            counts.setdefault(kind, []).append(len(queries))
    assert all(few == many for few, many in counts.values()), counts
    assert max(max(pair) for pair in counts.values()) <= 40, counts


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "theme=nothing",
        "article=999",
        "article=x",
        "language=xx",
        "language=" + "x" * 300,
        "theme=%F0%9F%98%80",
        "page=%00",
        "q=%ED%A0%80",
    ],
)
def test_strange_input_is_answered_in_words(query):
    make_article("public")
    response = Client().get(f"/en/knowledge/?{query}")
    assert response.status_code in (200, 400)
    if query.startswith(("theme", "article", "language")):
        assert "Choose one of the values in this list." in response.content.decode()


def test_paging_is_stable_and_keeps_the_filters():
    theme = Theme.objects.filter(parent__isnull=True)[0]
    from datetime import date

    for _ in range(45):
        make_article("public", themes=[theme], date=date(2026, 1, 1))
    seen: list[str] = []
    for number in (1, 2, 3):
        page = text(f"/en/knowledge/?theme={theme.code}&page={number}")
        seen += re.findall(r'<h2><a href="(/en/knowledge/article-\d+/)"', page)
        assert f"theme={theme.code}" in page
    assert len(seen) == len(set(seen)) == 45


def test_nothing_of_wagtail_is_reachable_beside_pages():
    for path in (
        "/en/_util/authenticate_with_password/1/1/",
        "/documents/1/a.pdf",
        "/en/documents/1/a.pdf/",
        "/en/api/v2/pages/",
        "/en/api/v3/pages/",
        "/images/a/1/original/",
    ):
        response = Client().get(path, follow=True)
        assert response.status_code == 404 or "/account/" in response.request["PATH_INFO"], path
    sent = Client().post("/en/_util/login/", {"username": "x", "password": "y"})
    assert sent.status_code in (301, 302)
    assert "/account/" in sent["Location"]
