"""Deciding who sees an article: rights, dated rows, the audit, the signal."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coalitions.access import NETWORK, PUBLIC, NotAllowed, coalition_label
from coalitions.network.models import AuditEntry
from coalitions.network.viewers import viewer_for
from knowledge.labels import article_labels, audience_of
from knowledge.models import ArticleAudience, ArticlePage
from knowledge.services import give_default_audience, set_article_audience
from knowledge.signals import article_changed
from tests.knowledge.makers import make_article, make_editor, make_staff
from tests.worlds import make_coalition, make_organisation, make_person


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    signals: list[dict[str, Any]] = []

    def hear(**kwargs: Any) -> None:
        assert transaction.get_connection().in_atomic_block
        article = kwargs["article"] and kwargs["article"].pk
        signals.append(
            {
                "translation_key": kwargs["translation_key"],
                "article": article,
                "tightened": kwargs["tightened"],
            }
        )

    article_changed.connect(hear)
    yield signals
    article_changed.disconnect(hear)


def test_one_row_ends_where_the_next_begins():
    article, reviewer = make_article("network"), make_staff()
    set_article_audience(acting_user=reviewer, article=article, level="public")
    first, second = ArticleAudience.objects.order_by("pk")
    assert first.until == second.since
    assert second.until is None
    assert (first.level, second.level) == ("network", "public")
    assert second.decided_by == reviewer
    same = set_article_audience(acting_user=reviewer, article=article, level="public")
    assert same == second
    assert ArticleAudience.objects.count() == 2
    entry = AuditEntry.objects.get(verb="article.audience_set")
    assert entry.actor == reviewer.uuid
    assert entry.object_uuid == article.translation_key
    assert entry.details == {"level": "public", "coalitions": ""}


def test_only_those_who_may_publish_every_language_decide():
    article = make_article("network")
    for nobody in (make_person(), make_person(make_organisation(), "administrator"), make_editor()):
        with pytest.raises(NotAllowed):
            set_article_audience(acting_user=nobody, article=article, level="public")
    retired = make_staff()
    retired.is_active = False
    retired.save()
    with pytest.raises(NotAllowed):
        set_article_audience(acting_user=retired, article=article, level="public")
    assert audience_of(article.translation_key).level == "network"


def test_somebody_who_publishes_one_language_does_not_decide_for_the_others():
    from django.contrib.auth.models import Group
    from wagtail.models import GroupPagePermission

    from knowledge.services.setup import _permission
    from tests.knowledge.makers import index_of

    source = make_article("network")
    french = make_article(None, language="fr", translation_of=source)
    group = Group.objects.create(name="French")
    GroupPagePermission.objects.create(
        group=group, page=index_of("fr"), permission=_permission("wagtailcore", "publish_page")
    )
    user = make_person()
    user.groups.add(group)
    with pytest.raises(NotAllowed):
        set_article_audience(acting_user=user, article=french, level="public")


def test_a_choice_that_reaches_nobody_is_refused():
    article, reviewer = make_article("network"), make_staff()
    coalition = make_coalition(make_organisation())
    for level, coalitions in (("coalition", ()), ("public", [coalition]), ("everyone", ())):
        with pytest.raises(ValidationError):
            set_article_audience(
                acting_user=reviewer, article=article, level=level, coalitions=coalitions
            )


def test_the_audience_is_that_of_the_family():
    source, reviewer = make_article("network"), make_staff()
    french = make_article(None, language="fr", translation_of=source)
    coalition = make_coalition(make_organisation())
    set_article_audience(
        acting_user=reviewer, article=french, level="coalition", coalitions=[coalition]
    )
    for page in (source, french):
        assert article_labels(page) == {coalition_label(coalition.uuid)}


def test_network_with_coalitions_adds_their_partners():
    coalition = make_coalition(make_organisation())
    article = make_article("network", coalition)
    assert article_labels(article) == {NETWORK, coalition_label(coalition.uuid)}
    assert article_labels(make_article("public")) == {PUBLIC}


@pytest.mark.parametrize(
    ("before", "after", "tightened"),
    [
        ("network", "public", False),
        ("public", "network", True),
        ("network", "coalition", True),
        ("coalition", "network", True),  # the coalition's partners lose it
        ("coalition", "public", False),
        ("coalition", "network+coalition", False),
        ("network+coalition", "network", True),
    ],
)
def test_the_signal_says_whether_sight_was_taken_away(heard, before, after, tightened):
    coalition, reviewer = make_coalition(make_organisation()), make_staff()

    def split(audience: str) -> tuple[str, list[Any]]:
        return audience.split("+")[0], [coalition] if "coalition" in audience else []

    level, coalitions = split(before)
    article = make_article(level, *coalitions)
    heard.clear()
    level, coalitions = split(after)
    set_article_audience(acting_user=reviewer, article=article, level=level, coalitions=coalitions)
    assert heard == [
        {"translation_key": article.translation_key, "article": None, "tightened": tightened}
    ]


def test_publishing_unpublishing_moving_and_deleting_are_told(heard):
    article = make_article("network", live=False)
    assert heard == []
    page = ArticlePage.objects.get(pk=article.pk)
    page.save_revision().publish()
    assert [s["tightened"] for s in heard] == [False]
    page = ArticlePage.objects.get(pk=article.pk)
    page.title = "A draft that nobody reads yet"
    page.save_revision()
    assert len(heard) == 1
    page.get_parent()
    page.move(page.get_parent(), pos="first-child")
    assert len(heard) == 2
    ArticlePage.objects.get(pk=article.pk).unpublish()
    assert heard[-1]["tightened"] is True
    assert len(heard) == 3
    ArticlePage.objects.get(pk=article.pk).delete()
    assert heard[-1]["tightened"] is True
    assert heard[-1]["article"] == article.pk


@pytest.mark.parametrize(
    ("before", "after", "tightened"),
    [(None, 5, True), (5, 3, True), (5, 5, False), (3, 5, False), (5, None, False)],
)
def test_an_earlier_end_takes_sight_away(heard, before, after, tightened):
    now = timezone.now()
    end = {None: None} | {days: now + timedelta(days=days) for days in (3, 5)}
    article = make_article("public", expire_at=end[before])
    heard.clear()
    article.expire_at = end[after]
    article.save()
    assert [s["tightened"] for s in heard] == [tightened]


def test_a_rolled_back_change_leaves_the_audience_as_it_was():
    article, reviewer = make_article("network"), make_staff()

    def share_and_fail() -> None:
        with transaction.atomic():
            set_article_audience(acting_user=reviewer, article=article, level="public")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        share_and_fail()
    assert audience_of(article.translation_key).level == "network"
    assert not ArticlePage.objects.visible_to(viewer_for(None)).exists()


def test_a_receiver_that_fails_takes_the_publication_back():
    article = make_article("public", live=False)

    def fail(**kwargs: Any) -> None:
        raise RuntimeError

    article_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            article.save_revision().publish()
    finally:
        article_changed.disconnect(fail)
    assert not ArticlePage.objects.get(pk=article.pk).live


def test_the_first_audience_is_the_network_and_is_given_once():
    article, editor = make_article(None), make_editor()
    row = give_default_audience(acting_user=editor, article=article)
    assert row.level == "network"
    assert row.decided_by is None
    assert give_default_audience(acting_user=editor, article=article) == row
    with pytest.raises(NotAllowed):
        give_default_audience(acting_user=make_person(), article=make_article(None))


def test_a_copy_starts_like_its_source():
    coalition = make_coalition(make_organisation())
    source, copy, lost = (
        make_article("coalition", coalition),
        make_article(None),
        make_article(None),
    )
    editor = make_editor()
    row = give_default_audience(acting_user=editor, article=copy, like=source)
    assert row.level == "coalition"
    assert list(row.coalitions.all()) == [coalition]
    assert give_default_audience(acting_user=editor, article=make_article(None), like=lost) is None
