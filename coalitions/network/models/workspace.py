"""Workspace: where people of several organisations (or of one) work on documents together."""

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalitions.access import Rung, ladder_for
from coalitions.network.dated import Dated
from coalitions.network.models.coalition import Coalition
from coalitions.network.models.organisation import Organisation
from coalitions.network.querysets import WorkspaceMembershipQuerySet, WorkspaceQuerySet


class Workspace(models.Model):
    """Belongs to a coalition or to one organisation, never both; never changes owner.

    Invariant: it carries one label, `workspace:<uuid>`, so that only its members know of it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=12, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=160)
    language = models.CharField(_("Language"), max_length=8, default="en")
    purpose = models.TextField(_("Purpose"), blank=True, max_length=2000)
    coalition = models.ForeignKey(
        Coalition, null=True, blank=True, on_delete=models.PROTECT, related_name="workspaces"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="workspaces"
    )
    need_to_know = models.BooleanField(_("Need to know"), default=False)
    starting_audience = models.CharField(
        _("Who sees a new document at first"),
        max_length=20,
        blank=True,
    )
    created = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        constraints = [
            models.CheckConstraint(
                condition=Q(coalition__isnull=True) ^ Q(organisation__isnull=True),
                name="network_workspace_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def coalition_uuid(self) -> UUID | None:
        return self.coalition.uuid if self.coalition else None

    @property
    def starting_rung(self) -> Rung:
        """The audience that a new document starts with: what its coordinators set, or the first."""
        if self.starting_audience in self.starting_choices:
            return Rung(self.starting_audience)
        if self.need_to_know:
            return Rung.MEMBERS
        return Rung.ORGANISATION if self.organisation_id else Rung.WORKSPACE

    @property
    def starting_choices(self) -> tuple[Rung, ...]:
        """What coordinators choose from: the ladder of the place, as far as nobody is asked to
        confirm a step in words."""
        ladder = ladder_for(
            need_to_know=self.need_to_know,
            in_coalition=self.coalition_id is not None,
            child_data=False,
        )
        return ladder[: ladder.index(Rung.NETWORK)]

    def participants(self, at: datetime | None = None) -> "models.QuerySet[Organisation]":
        """Return the organisations that take part: the owner, or the coalition's members."""
        return Organisation.objects.taking_part_in(self, at)


class WorkspaceMembership(Dated):
    """A person in a workspace, acting for one organisation, with a role."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")
        CONTRIBUTOR = "contributor", _("Contributor")
        READER = "reader", _("Reader")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="workspace_memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="workspace_memberships"
    )
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices, default=Role.READER)

    objects = WorkspaceMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "person"],
                condition=Q(until__isnull=True),
                name="network_one_open_workspace_membership",
            )
        ]
