"""What happens outside `ArticlePage.save`: deletion and moves of articles, changes of concepts.

Invariant: each tells of itself inside a transaction, like `ArticlePage.save`.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import post_page_move

from knowledge.models import ArticlePage, Concept, ConceptLabel, ThesaurusStamp
from knowledge.signals import article_changed


def connect() -> None:
    """Connect the receivers; called once, when the app is ready."""
    post_delete.connect(tell_of_deletion, sender=ArticlePage)
    post_page_move.connect(tell_of_move)
    for model in (Concept, ConceptLabel):
        post_save.connect(renew_stamp, sender=model)
        post_delete.connect(renew_stamp, sender=model)


def tell_of_deletion(sender: Any, instance: ArticlePage, **kwargs: Any) -> None:
    """Django sends this inside the transaction of the deletion."""
    article_changed.send(
        sender=ArticlePage,
        translation_key=instance.translation_key,
        article=instance,
        tightened=True,
    )


def tell_of_move(sender: Any, instance: Page, **kwargs: Any) -> None:
    """An article, or a list with its articles, has a new address."""
    with transaction.atomic():
        moved = ArticlePage.objects.descendant_of(instance, inclusive=True).filter(live=True)
        for article in moved:
            article_changed.send(
                sender=ArticlePage,
                translation_key=article.translation_key,
                article=article,
                tightened=False,
            )


def renew_stamp(sender: Any, **kwargs: Any) -> None:
    """What other processes remember of the concepts is no longer so."""
    ThesaurusStamp.renew()
