"""With and without a hidden article, a stranger gets the same bytes; a member the same facts."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from coalitions.network.models import ConventionArticle, Theme
from knowledge.models import ArticlePage
from tests.knowledge.makers import make_article
from tests.worlds import make_coalition, make_organisation, make_person

CANARY = "zyxwhelk"
PATHS = (
    "/en/",
    "/fr/",
    "/en/knowledge/",
    "/en/knowledge/?language=all",
    "/en/knowledge/?language=all&article=3",
    "/fr/knowledge/",
    "/sitemap.xml",
    "/feeds/articles.en.xml",
    "/en/knowledge/shown/",
)


def bytes_of(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, path
    return re.sub(rb'(csrfmiddlewaretoken" value|nonce)="[^"]*"', b"", response.content)


def answers(client: Client) -> dict[str, bytes]:
    cache.clear()
    return {path: bytes_of(client, path) for path in PATHS}


@pytest.fixture
def hide():
    """Return a function that adds hidden articles of every sort, one a translation."""
    theme = Theme.objects.filter(parent__isnull=True)[0]
    provision = ConventionArticle.objects.get(number=3)
    about = {"themes": [theme], "convention_articles": [provision]}
    outsider = make_organisation()
    shown = make_article("public", slug="shown", **about)
    make_article("public", language="fr", slug="montre", **about)
    quiet = make_coalition(outsider)

    def add(levels: tuple[str, ...]) -> list[ArticlePage]:
        words = {"title": f"{CANARY} title", "summary": f"{CANARY} summary", **about}
        made = [
            make_article(level, *([quiet] if level == "coalition" else []), **words)
            for level in levels
        ]
        made.append(make_article("public", live=False, **words))
        made.append(make_article(None, language="fr", translation_of=made[0], **words))
        made.append(make_article(None, language="nl", translation_of=shown, live=False, **words))
        return made

    return add


def test_a_stranger_gets_identical_bytes(hide):
    client = Client()
    without = answers(client)
    hide(("network", "coalition"))
    assert answers(client) == without


def test_a_member_gets_identical_pages(hide):
    client = Client()
    client.force_login(make_person(make_organisation()))
    without = answers(client)
    hide(("coalition", "coalition"))
    assert answers(client) == without


def test_whoever_may_see_them_finds_them_everywhere(hide):
    client = Client()
    client.force_login(make_person(make_organisation()))
    hide(("network",))
    found = answers(client)
    for path in ("/en/", "/en/knowledge/", "/en/knowledge/?language=all", "/fr/knowledge/"):
        assert CANARY.encode() in found[path], path
    for path in ("/sitemap.xml", "/feeds/articles.en.xml"):
        assert CANARY.encode() not in found[path], path


def test_public_things_are_in_the_site_map_and_the_feed(hide):
    found = answers(Client())
    assert b"/en/knowledge/shown/</loc>" in found["/sitemap.xml"]
    assert b"/fr/knowledge/montre/</loc>" in found["/sitemap.xml"]
    assert b"/en/knowledge/shown/" in found["/feeds/articles.en.xml"]
    assert Client().get("/feeds/articles.xx.xml").status_code == 404


def test_a_redirect_leads_only_to_what_may_be_seen(django_capture_on_commit_callbacks):
    article = make_article("network", slug="before")
    article.save_revision().publish()
    page = ArticlePage.objects.get(pk=article.pk)
    page.slug = "after"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    from wagtail.contrib.redirects.models import Redirect

    assert Redirect.objects.exists()
    client = Client()
    old, never = client.get("/en/knowledge/before/"), client.get("/en/knowledge/nevers/")
    assert old.status_code == never.status_code == 404
    client.force_login(make_person(make_organisation()))
    assert client.get("/en/knowledge/before/").status_code in (301, 302)
    assert client.get("/en/knowledge/before/", follow=True).status_code == 200
    page = ArticlePage.objects.get(pk=article.pk)
    page.unpublish()
    assert client.get("/en/knowledge/before/").status_code == 404
