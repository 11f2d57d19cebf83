"""Bringing an installation to life, twice; and what the groups may do."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import override_settings
from wagtail.models import GroupPagePermission, Page, Site

from coalitions.access import NotAllowed
from coalitions.network.models import ConventionArticle, Theme
from coalitions.network.viewers import viewer_for
from knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage
from knowledge.reserved import reserved_slugs
from knowledge.services import publish_article
from knowledge.services.setup import ensure_groups, ensure_site
from tests.knowledge.makers import index_of, make_editor, make_site, make_staff
from tests.worlds import make_coalition, make_organisation, make_person


def test_every_language_has_a_home_page_and_a_list():
    make_site()
    assert HomePage.objects.live().count() == KnowledgeIndexPage.objects.live().count() == 7
    assert HomePage.objects.values("translation_key").distinct().count() == 1
    assert KnowledgeIndexPage.objects.values("translation_key").distinct().count() == 1
    assert set(KnowledgeIndexPage.objects.values_list("slug", flat=True)) == {"knowledge"}
    assert Site.objects.count() == 1
    assert not Page.objects.filter(slug="home").exists()


def test_a_default_site_is_for_demonstrations_only():
    assert Site.objects.get().is_default_site
    with override_settings(DEMO_MODE=False):
        ensure_site(hostname="portal.example.org", port=443, root_title="Portal")
    site = Site.objects.get()
    assert (site.hostname, site.port, site.is_default_site) == ("portal.example.org", 443, False)


def test_what_an_editor_changed_is_left_alone():
    index = index_of("nl")
    index.title = "Onze kennis"
    index.save()
    make_site()
    assert index_of("nl").title == "Onze kennis"


def test_groups_have_rights_under_the_lists_alone():
    editors, reviewers = ensure_groups()
    assert not Group.objects.filter(name="Moderators").exists()
    pages = set(
        GroupPagePermission.objects.filter(group__in=[editors, reviewers]).values_list(
            "page__slug", flat=True
        )
    )
    assert pages == {"knowledge"}
    editor, reviewer = make_editor(), make_staff()
    index, home = index_of(), index_of().get_parent()
    assert index.permissions_for_user(editor).can_add_subpage()
    assert not index.permissions_for_user(editor).can_publish_subpage()
    assert index.permissions_for_user(reviewer).can_publish_subpage()
    assert not home.permissions_for_user(reviewer).can_add_subpage()


def test_the_slugs_of_djangos_routes_are_reserved():
    assert {"account"} <= reserved_slugs()
    assert "knowledge" not in reserved_slugs()
    index = index_of()
    index.slug = "account"
    with pytest.raises(ValidationError):
        index.full_clean()


BLOCKS = [
    ("rich_text", "<p>First words of it.</p>"),
    ("heading", "A heading"),
    ("quotation", {"text": "Words", "attribution": "Somebody"}),
    (
        "legal_source",
        {"instrument": "CRC", "provision": "Article 3(1)", "text": "In all", "url": ""},
    ),
    ("key_message", "Remember this"),
    ("table", {"caption": "Caption", "rows": [["a", "b"], ["c", "d"]]}),
    ("document_link", {"document": "D-3F7K", "note": "Why"}),
]


def publish(user, **fields):
    values = {
        "language": "en",
        "title": "Title",
        "slug": "title",
        "summary": "Summary",
        "blocks": BLOCKS,
        "publisher": make_organisation(),
        "date": date(2026, 4, 1),
        "themes": [Theme.objects.first()],
        "convention_articles": [ConventionArticle.objects.get(number=3)],
    }
    return publish_article(acting_user=user, **(values | fields))


def test_an_article_is_published_with_its_translations():
    reviewer = make_staff()
    coalition = make_coalition(make_organisation())
    source = publish(reviewer, level="coalition", coalitions=[coalition])
    french = publish(reviewer, language="fr", title="Titre", slug="titre", translation_of=source)
    assert source.translation_key == french.translation_key
    assert [b.block_type for b in source.body] == [kind for kind, _value in BLOCKS]
    assert source.themes.count() == source.convention_articles.count() == 1
    assert source.get_latest_revision() is not None
    assert source.live
    member = make_person(coalition.memberships.first().organisation)
    assert ArticlePage.objects.visible_to(viewer_for(member)).count() == 2
    assert not ArticlePage.objects.visible_to(viewer_for(make_person(make_organisation()))).exists()


def test_publishing_needs_the_right_and_whole_parts():
    for user in (make_editor(), make_person(make_organisation(), "administrator")):
        with pytest.raises(NotAllowed):
            publish(user)
    reviewer = make_staff()
    for fields in (
        {"blocks": [("film", "x")]},
        {"blocks": [("legal_source", {"instrument": "CRC"})]},
        {"blocks": [("table", {"caption": "c", "rows": [["a", "b"], ["c"]]})]},
        {"language": "xx"},
        {"level": "coalition"},
    ):
        with pytest.raises(ValidationError):
            publish(reviewer, **fields)
    assert not ArticlePage.objects.exists()
    publish(reviewer)
    with pytest.raises(ValidationError):
        publish(reviewer)
