"""Random audiences and viewers: queryset, labels and the prose say the same.

The oracle below is written from the prose and imports nothing of `coalitions.access`.
"""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from coalitions.network.models import (
    Affiliation,
    Coalition,
    CoalitionMembership,
    Organisation,
    Suspension,
)
from coalitions.network.viewers import viewer_for
from knowledge.labels import article_labels
from knowledge.models import ArticleAudience, ArticlePage
from tests.knowledge.makers import make_article
from tests.worlds import affiliate, make_coalition, make_organisation, make_person, suspend

DAY = timedelta(days=1)


def holds(row: Any) -> bool:
    now = timezone.now()
    return row.since <= now and (row.until is None or row.until > now)


def may_read(user: Any, article: ArticlePage) -> bool:
    """The prose: live, an audience in force, and a person who is in it today."""
    if not article.live:
        return False
    rows = ArticleAudience.objects.filter(translation_key=article.translation_key)
    row = next((row for row in rows if holds(row)), None)
    if row is None:
        return False
    if row.level == "public":
        return True
    if user is None or not user.is_active:
        return False
    suspended = {s.organisation_id for s in Suspension.objects.all() if holds(s)}
    mine = [
        affiliation.organisation
        for affiliation in Affiliation.objects.filter(person=user)
        if holds(affiliation) and affiliation.organisation_id not in suspended
    ]
    if row.level == "network" and any(o.kind != Organisation.Kind.PARTNER for o in mine):
        return True
    chosen = set(row.coalitions.values_list("pk", flat=True))
    return any(
        membership.coalition_id in chosen and holds(membership)
        for organisation in mine
        for membership in CoalitionMembership.objects.filter(organisation=organisation)
    )


def a_dated(chance: random.Random) -> dict[str, Any]:
    now = timezone.now()
    return chance.choice(
        [
            {"since": now - 30 * DAY},
            {"since": now - 30 * DAY, "until": now - DAY},
            {"since": now - 30 * DAY, "until": now + DAY},
            {"since": now + DAY},
        ]
    )


def a_world(chance: random.Random) -> tuple[list[Any], list[ArticlePage]]:
    kinds = [
        Organisation.Kind.DCI_SECTION,
        Organisation.Kind.PARTNER,
        Organisation.Kind.SECRETARIAT,
    ]
    organisations = [make_organisation(kind=chance.choice(kinds)) for _ in range(4)]
    if chance.random() < 0.5:
        suspend(organisations[0])
    coalitions: list[Coalition] = [make_coalition() for _ in range(2)]
    for coalition in coalitions:
        for organisation in chance.sample(organisations, 2):
            CoalitionMembership.objects.create(
                coalition=coalition, organisation=organisation, **a_dated(chance)
            )
    people: list[Any] = [None]
    for _ in range(5):
        person = make_person(is_active=chance.random() < 0.9, is_superuser=chance.random() < 0.2)
        for organisation in chance.sample(organisations, chance.randint(0, 2)):
            affiliate(person, organisation, **a_dated(chance))
        people.append(person)
    articles = []
    for _ in range(6):
        article = make_article(None, live=chance.random() < 0.9)
        level = chance.choice(["public", "network", "coalition"])
        row = ArticleAudience.objects.create(
            translation_key=article.translation_key, level=level, **a_dated(chance)
        )
        if level != "public":
            row.coalitions.set(chance.sample(coalitions, chance.randint(0, 2)))
        articles.append(article)
    return people, articles


@pytest.mark.parametrize("seed", range(6))
def test_queryset_labels_and_prose_are_equal(seed):
    people, articles = a_world(random.Random(seed))
    for user in people:
        viewer = viewer_for(user)
        seen = set(ArticlePage.objects.visible_to(viewer).values_list("pk", flat=True))
        for article in articles:
            expected = may_read(user, article)
            assert (article.pk in seen) is expected
            assert viewer.sees(article_labels(article)) is expected
