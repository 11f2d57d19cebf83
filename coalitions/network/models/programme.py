"""Programme: a funded line of work that documents belong to."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.network.models.coalition import Coalition
from coalitions.network.names import local_name, name_language
from coalitions.network.querysets import ProgrammeQuerySet


class Programme(models.Model):
    """Carries its coalition's labels, or `public` where it belongs to none.

    Invariant: `code` never changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("Code"), max_length=60, unique=True)
    names = models.JSONField(_("Names by language"), default=dict)
    coalition = models.ForeignKey(
        Coalition, null=True, blank=True, on_delete=models.PROTECT, related_name="programmes"
    )
    starts = models.DateField(_("Starts"), null=True, blank=True)
    ends = models.DateField(_("Ends"), null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return local_name(self.names, self.code)

    @property
    def name_language(self) -> str:
        return name_language(self.names)
