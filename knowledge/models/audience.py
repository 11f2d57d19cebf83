"""Who may see an article, since when, decided by whom: dated rows, one per family in force.

Invariant: all languages of an article share `translation_key` and so one audience. Without a row
in force an article is visible to nobody.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalitions.network.dated import Dated, DatedQuerySet
from coalitions.network.models import Coalition


class ArticleAudience(Dated):
    """`coalitions` count on the levels coalition and network: there they add their people.

    `decided_by` is None for the default that a new article starts with.
    """

    class Level(models.TextChoices):
        COALITION = "coalition", _("Chosen coalitions")
        NETWORK = "network", _("Network")
        PUBLIC = "public", pgettext_lazy("audience", "Public")

    translation_key = models.UUIDField(db_index=True)
    level = models.CharField(_("Who can see it"), max_length=20, choices=Level.choices)
    coalitions = models.ManyToManyField(Coalition, blank=True, related_name="article_audiences")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["translation_key", "until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["translation_key"],
                condition=models.Q(until__isnull=True),
                name="knowledge_one_open_audience",
            )
        ]
