"""Who sees an article: each kind of viewer × audience × state, by queryset, labels and address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coalitions.network.models import Organisation
from coalitions.network.viewers import viewer_for, viewer_for_token
from knowledge.labels import article_labels
from knowledge.models import ArticlePage
from tests.knowledge.makers import make_article, make_editor, make_staff
from tests.worlds import (
    affiliate,
    make_coalition,
    make_organisation,
    make_person,
    suspend,
)

AUDIENCES = ("public", "network", "coalition", "network+coalition", None)
# viewer → the audiences it may read
SIGHT = {
    "stranger": {"public"},
    "without affiliation": {"public"},
    "section": {"public", "network", "network+coalition"},
    "partner": {"public"},
    "member of the coalition": {"public", "network", "coalition", "network+coalition"},
    "partner in the coalition": {"public", "coalition", "network+coalition"},
    "suspended": {"public"},
    "ended": {"public"},
    "deactivated": {"public"},
    "superuser": {"public"},
    "reviewer without affiliation": {"public"},
    "editor without affiliation": {"public"},
}
STATES: dict[str, Callable[[ArticlePage], object]] = {
    "draft": lambda a: ArticlePage.objects.filter(pk=a.pk).update(live=False),
    "unpublished": lambda a: a.unpublish(),
    "expired": lambda a: ArticlePage.objects.filter(pk=a.pk).update(
        expire_at=timezone.now() - timedelta(seconds=1)
    ),
    "deleted": lambda a: a.delete(),
}


@pytest.fixture
def world():
    partner_kind = {"kind": Organisation.Kind.PARTNER}
    member, partner = make_organisation(), make_organisation(**partner_kind)
    coalition = make_coalition(member, partner)
    suspended = make_organisation()
    suspend(suspended)
    ended = make_person()
    affiliate(ended, make_organisation(), until=timezone.now() - timedelta(days=1))
    people = {
        "without affiliation": make_person(),
        "section": make_person(make_organisation(kind=Organisation.Kind.DCI_SECTION)),
        "partner": make_person(make_organisation(**partner_kind)),
        "member of the coalition": make_person(member),
        "partner in the coalition": make_person(partner),
        "suspended": make_person(suspended),
        "ended": ended,
        "deactivated": make_person(member, is_active=False),
        "superuser": make_person(is_superuser=True, is_staff=True),
        "reviewer without affiliation": make_staff(),
        "editor without affiliation": make_editor(),
    }
    return coalition, people


def an_article(audience: str | None, coalition: object) -> ArticlePage:
    if audience is None:
        return make_article(None)
    level = audience.split("+")[0]
    return make_article(level, *([coalition] if "coalition" in audience else []))


def client_of(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_viewer_sees_what_the_audience_allows(world, audience):
    coalition, people = world
    article = an_article(audience, coalition)
    for name, sight in SIGHT.items():
        user = people.get(name)
        viewer = viewer_for(user)
        expected = audience in sight
        assert ArticlePage.objects.visible_to(viewer).exists() is expected, name
        assert viewer.sees(article_labels(article)) is expected, name
        status = client_of(user).get(f"/en/knowledge/{article.slug}/").status_code
        assert status == (200 if expected else 404), name


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_published_is_seen_by_nobody(world, state):
    coalition, people = world
    article = an_article("public", coalition)
    path = f"/en/knowledge/{article.slug}/"
    assert Client().get(path).status_code == 200
    STATES[state](article)
    for name in SIGHT:
        user = people.get(name)
        assert not ArticlePage.objects.visible_to(viewer_for(user)).exists(), name
        assert client_of(user).get(path).status_code == 404, name
    kept = ArticlePage.objects.filter(pk=article.pk).first()
    assert kept is None or article_labels(kept) == frozenset()


def test_a_token_sees_by_its_scopes(world):
    coalition, _people = world
    member = coalition.memberships.first().organisation
    for audience in ("public", "network", "coalition"):
        an_article(audience, coalition)
    for scopes, count in (((), 1), (("read:network",), 2), (("read:network", "read:coalition"), 3)):
        viewer = viewer_for_token(member, scopes, member.uuid)
        assert ArticlePage.objects.visible_to(viewer).count() == count


def test_a_viewer_without_labels_sees_nothing(world):
    from coalitions.access import Viewer

    make_article("public")
    assert not ArticlePage.objects.visible_to(Viewer(labels=frozenset())).exists()


def test_a_moved_article_keeps_its_audience_and_its_language(world):
    from tests.knowledge.makers import index_of

    article = make_article("network")
    assert not article.can_move_to(index_of("fr"))
    article.move(index_of("en"), pos="first-child")
    assert Client().get(f"/en/knowledge/{article.slug}/").status_code == 404


def test_an_alias_in_another_language_is_no_article_of_it(world):
    from wagtail.models import Locale

    article = make_article("public")
    french = Locale.objects.get(language_code="fr")
    alias = article.copy_for_translation(french, alias=True)
    alias.live = True
    ArticlePage.objects.filter(pk=alias.pk).update(live=True)
    assert Client().get(f"/fr/knowledge/{article.slug}/").status_code == 404
    assert not ArticlePage.objects.visible_to(viewer_for(None)).filter(pk=alias.pk).exists()


def test_every_method_answers_a_hidden_article_like_a_missing_one():
    hidden = make_article("network", slug="somewhere")
    for method in ("get", "head", "post", "put", "patch", "delete", "options"):
        client = Client()
        there = getattr(client, method)(f"/en/knowledge/{hidden.slug}/")
        nowhere = getattr(client, method)("/en/knowledge/elsewhere/")
        assert there.status_code == nowhere.status_code == 404, method
        assert dict(there.headers) == dict(nowhere.headers), method


def test_an_expiry_in_the_future_hides_nothing_yet():
    article = make_article("public", expire_at=timezone.now() + timedelta(days=1))
    assert ArticlePage.objects.visible_to(viewer_for(None)).filter(pk=article.pk).exists()
