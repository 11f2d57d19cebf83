"""How far a document is shared, since when, decided by whom: dated rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.access import Rung
from coalitions.documents.querysets import AudienceQuerySet
from coalitions.network.dated import Dated
from coalitions.network.models import Organisation


class DocumentAudience(Dated):
    """One row is in force per document: its rung, and whether it carries *child data*.

    `planned`: written ahead, to begin when the row before it ends, and not told of yet.
    """

    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="audiences"
    )
    rung = models.CharField(
        _("Shared with"),
        max_length=20,
        choices=[
            (Rung.MEMBERS.value, _("Members only")),
            (Rung.ORGANISATION.value, _("Organisation")),
            (Rung.WORKSPACE.value, _("Workspace")),
            (Rung.COALITION.value, _("Coalition")),
            (Rung.NETWORK.value, _("Network")),
            (Rung.PUBLIC.value, _("Public")),
        ],
    )
    child_data = models.BooleanField(_("Child data"), default=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    planned = models.BooleanField(default=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["document", "until"]),
            models.Index(fields=["rung", "until", "document"], name="documents_on_a_rung"),
            models.Index(
                fields=["since"], condition=models.Q(planned=True), name="documents_planned"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(until__isnull=True),
                name="documents_one_open_audience",
            )
        ]
