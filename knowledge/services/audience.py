"""Deciding who can see an article.

Invariant: the old row is ended and the new one begins at the same instant; nothing is overwritten.
Only those who may publish every language of the article decide, because one audience holds for all.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from coalitions.access import PUBLIC, NotAllowed
from coalitions.network.audit import record
from coalitions.network.models import Coalition
from knowledge.forms.audience import check_choice
from knowledge.labels import audience_labels, audience_of
from knowledge.models import ArticleAudience, ArticlePage
from knowledge.signals import article_changed


def may_decide_audience(user: Any, article: ArticlePage, parent: Any = None) -> bool:
    """Return whether `user` may publish every language of `article`.

    `parent`: the page under which an article that does not exist yet will stand.
    """
    family = list(ArticlePage.objects.filter(translation_key=article.translation_key))
    if not family:
        permissions = parent.permissions_for_user(user) if parent is not None else None
        return permissions is not None and permissions.can_publish_subpage()
    return all(page.permissions_for_user(user).can_publish() for page in family)


def set_article_audience(
    *,
    acting_user: Any,
    article: ArticlePage,
    level: ArticleAudience.Level | str,
    coalitions: Iterable[Coalition] = (),
) -> ArticleAudience:
    """Let `level` (and `coalitions`) see every language of `article` from now on.

    Raises NotAllowed without the right to publish, ValidationError when the choice reaches nobody.
    Returns the row in force; the same row when nothing changed.
    """
    chosen = sorted(set(coalitions), key=lambda coalition: coalition.pk)
    _check(level, chosen)
    with transaction.atomic():
        _lock_family(article.translation_key)
        if not may_decide_audience(acting_user, article):
            raise NotAllowed("only those who may publish an article decide who sees it")
        before = audience_of(article.translation_key)
        if before is not None and _says(before) == (level, [c.pk for c in chosen]):
            return before
        row = _replace(article.translation_key, before, level, chosen, acting_user)
        record(
            "article.audience_set",
            acting_user=acting_user,
            thing=AuditedFamily(article.translation_key),
            level=str(level),
            coalitions=" ".join(str(coalition.uuid) for coalition in chosen),
        )
        _announce(article.translation_key, before, row)
    return row


def give_default_audience(
    *, acting_user: Any, article: ArticlePage, like: ArticlePage | None = None
) -> ArticleAudience | None:
    """Give a new article its first audience, whoever wrote it; no change where it has one.

    The network, or what the article it was copied from (`like`) has: None when that has none.
    `acting_user` has to be allowed to edit the article. It shows nothing before it is published.
    """
    level: str = ArticleAudience.Level.NETWORK
    coalitions: list[Coalition] = []
    with transaction.atomic():
        _lock_family(article.translation_key)
        if not article.permissions_for_user(acting_user).can_edit():
            raise NotAllowed("only those who may edit an article give it its first audience")
        present = audience_of(article.translation_key)
        if present is not None:
            return present
        if like is not None:
            model = audience_of(like.translation_key)
            if model is None:
                return None
            level, coalitions = model.level, list(model.coalitions.all())
        row = _replace(article.translation_key, None, level, coalitions, None)
        record(
            "article.audience_defaulted",
            acting_user=acting_user,
            thing=AuditedFamily(article.translation_key),
            level=str(level),
        )
        _announce(article.translation_key, None, row)
    return row


class AuditedFamily:
    """What the audit names: the family by its key, as one object of the kind article."""

    _meta = ArticlePage._meta

    def __init__(self, translation_key: UUID) -> None:
        self.uuid = translation_key


def _check(level: ArticleAudience.Level | str, coalitions: Sequence[Coalition]) -> None:
    if level not in ArticleAudience.Level.values:
        raise ValidationError(f"Unknown audience: {level}")
    if wrong := check_choice(level, coalitions):
        raise ValidationError(list(wrong.values()))


def _lock_family(translation_key: UUID) -> None:
    """Let one change of an audience wait for the other."""
    rows = Page.objects.select_for_update().filter(translation_key=translation_key)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _says(audience: ArticleAudience) -> tuple[str, list[int]]:
    return audience.level, sorted(coalition.pk for coalition in audience.coalitions.all())


def _replace(
    translation_key: UUID,
    before: ArticleAudience | None,
    level: ArticleAudience.Level | str,
    coalitions: Sequence[Coalition],
    decided_by: Any,
) -> ArticleAudience:
    moment = timezone.now()
    if before is not None:
        before.end(moment)
    row = ArticleAudience.objects.create(
        translation_key=translation_key, level=level, decided_by=decided_by, since=moment
    )
    row.coalitions.set(coalitions)
    return row


def narrows(before: ArticleAudience | None, after: frozenset[str]) -> bool:
    """Return whether a change from `before` to the labels `after` takes sight away."""
    if before is None:
        return False
    return PUBLIC not in after and not audience_labels(before) <= after


def _announce(translation_key: UUID, before: ArticleAudience | None, row: ArticleAudience) -> None:
    article_changed.send(
        sender=ArticlePage,
        translation_key=translation_key,
        article=None,
        tightened=narrows(before, audience_labels(row)),
    )
