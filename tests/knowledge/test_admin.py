"""The Wagtail admin: who gets in, what a save does to the audience, previews, translations."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from coalitions.network.viewers import viewer_for
from knowledge.labels import audience_of
from knowledge.models import ArticleAudience, ArticlePage
from tests.knowledge.makers import index_of, make_article, make_editor, make_staff
from tests.worlds import make_coalition, make_organisation, make_person


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_data(article: ArticlePage | None = None, **changes: Any) -> dict[str, Any]:
    words = rich_text("<p>Words</p>", features=["bold"])
    data = {
        "title": article.title if article else "Fresh",
        "slug": article.slug if article else "fresh",
        "summary": "Summary",
        "body": streamfield([("rich_text", words)]),
        "date": "2026-05-01",
        "publisher": article.publisher_id if article else make_organisation().pk,
        "audience_level": "network",
        "comments": inline_formset([]),
    }
    return nested_form_data(data | changes)


def create_url() -> str:
    return reverse("wagtailadmin_pages:add", args=["knowledge", "articlepage", index_of().pk])


def edit_url(article: ArticlePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[article.pk])


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/nothing/", "/admin/reports/"])
def test_the_admin_does_not_exist_for_people_without_access(path):
    for user in (make_person(), make_person(make_organisation(), "administrator")):
        client = client_of(user)
        answer = client.get(path, follow=True)
        assert answer.status_code == 404
        missing = client.get("/en/knowledge/nothing/").content
        assert b"We could not find this" in answer.content
        assert b"We could not find this" in missing
    stranger = Client().get(path)
    assert stranger.status_code == 302
    assert "login" in stranger["Location"]
    assert client_of(make_editor()).get("/admin/").status_code == 200


def test_an_editors_new_article_starts_with_the_network_and_unpublished():
    editor = make_editor()
    response = client_of(editor).post(create_url(), form_data())
    assert response.status_code == 302, response.context["form"].errors
    article = ArticlePage.objects.get()
    assert not article.live
    row = audience_of(article.translation_key)
    assert row.level == "network"
    assert row.decided_by is None


def test_an_editor_cannot_decide_the_audience():
    article = make_article("network")
    editor = make_editor()
    client_of(editor).post(edit_url(article), form_data(article, audience_level="public"))
    assert audience_of(article.translation_key).level == "network"
    page = client_of(editor).get(edit_url(article)).content.decode()
    assert "One audience for all languages of this article." in page


def test_a_reviewer_decides_at_once_also_without_publishing():
    article = make_article("network")
    reviewer = make_staff()
    client_of(reviewer).post(edit_url(article), form_data(article, audience_level="public"))
    assert audience_of(article.translation_key).decided_by == reviewer
    assert ArticlePage.objects.visible_to(viewer_for(None)).exists()


def test_a_reviewer_creates_publishes_and_shares_in_one_go():
    coalition = make_coalition(make_organisation())
    insider = make_staff(organisation=coalition.memberships.first().organisation)
    data = form_data(
        audience_level="coalition",
        audience_coalitions=coalition.pk,
        **{"action-publish": "action-publish"},
    )
    response = client_of(insider).post(create_url(), data)
    assert response.status_code == 302
    article = ArticlePage.objects.get()
    assert article.live
    assert list(audience_of(article.translation_key).coalitions.all()) == [coalition]


def test_narrowing_comes_before_publishing_and_widening_after(monkeypatch):
    from wagtail.signals import page_published

    reviewer, levels = make_staff(), []

    def hear(instance: Any, **kwargs: Any) -> None:
        levels.append(audience_of(instance.translation_key).level)

    page_published.connect(hear)
    try:
        for before, after in (("public", "network"), ("network", "public")):
            article = make_article(before)
            data = form_data(article, audience_level=after, **{"action-publish": "1"})
            assert client_of(reviewer).post(edit_url(article), data).status_code == 302
            assert audience_of(article.translation_key).level == after
    finally:
        page_published.disconnect(hear)
    assert levels == ["network", "network"]


def test_automatic_saving_changes_no_audience():
    article = make_article("network")
    response = client_of(make_staff()).post(
        edit_url(article),
        form_data(article, audience_level="public"),
        headers={"accept": "application/json"},
    )
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert audience_of(article.translation_key).level == "network"


def test_wrong_choices_come_back_as_form_errors():
    article = make_article("network")
    client = client_of(make_staff())
    for changes in ({"audience_level": "coalition"}, {"audience_level": "everyone"}):
        response = client.post(edit_url(article), form_data(article, **changes))
        assert response.status_code == 200
        assert response.context["form"].errors
    assert ArticleAudience.objects.count() == 1


def test_a_coalition_that_the_editor_does_not_see_is_neither_named_nor_taken_away():
    quiet = make_coalition(make_organisation(), name="Velvet Accord")
    article, client = make_article("network", quiet), client_of(make_staff())
    assert "Velvet" not in client.get(edit_url(article)).content.decode()
    client.post(edit_url(article), form_data(article))
    assert list(audience_of(article.translation_key).coalitions.all()) == [quiet]


def test_the_preview_shows_a_draft_to_its_editor_alone():
    article = make_article("network", live=False, title="Unborn words")
    client = client_of(make_editor())
    shown = client.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]))
    assert shown.status_code == 200
    assert b"Unborn words" in shown.content
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get(f"/en/knowledge/{article.slug}/").status_code == 404


def test_an_article_is_translated_in_the_admin_with_the_family_audience(
    django_capture_on_commit_callbacks,
):
    article = make_article("public")
    article.body = [
        ("rich_text", "<p>Words</p>"),
        ("document_link", {"document": "D-3F7K", "note": "Why"}),
    ]
    article.save_revision().publish()
    reviewer = make_staff()
    client = client_of(reviewer)
    url = reverse("wagtail_localize:submit_page_translation", args=[article.pk])
    assert client.get(url).status_code == 200
    french = Locale.objects.get(language_code="fr")
    response = client.post(url, {"locales": [french.pk]})
    assert response.status_code == 302
    translated = ArticlePage.objects.get(locale=french)
    assert translated.translation_key == article.translation_key
    assert not translated.live
    assert Client().get(f"/fr/knowledge/{translated.slug}/").status_code == 404
    assert ArticleAudience.objects.count() == 1
    assert client.get(edit_url(translated)).status_code == 200
    from wagtail_localize.models import StringTranslation, Translation

    translation = Translation.objects.get()
    segments = translation.source.stringsegment_set.select_related("string", "context")
    assert {s.string.data for s in segments} >= {"Words", "Why"}
    assert "D-3F7K" not in {s.string.data for s in segments}
    for segment in segments:
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=french,
            context=segment.context,
            data=f"{segment.string.data}-fr",
        )
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(user=reviewer, publish=True)
    translated.refresh_from_db()
    assert translated.live
    assert translated.body[0].value.source == "<p>Words-fr</p>"
    assert dict(translated.body[1].value) == {"document": "D-3F7K", "note": "Why-fr"}
    assert ArticlePage.objects.visible_to(viewer_for(None)).count() == 2
    assert Client().get(translated.get_url()).status_code == 200


def test_documents_of_wagtail_are_not_in_the_menu():
    page = client_of(make_person(is_superuser=True)).get("/admin/").content.decode()
    assert "/admin/documents/" not in page
    assert "portal/admin.css" in page
