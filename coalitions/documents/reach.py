"""Who could see a document on each rung, in words and numbers.

Invariant: everything is counted with the eyes of the viewer: places, names and numbers that they
may not see are not mentioned, and strangers get no numbers at all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalitions.access import Rung, Viewer
from coalitions.documents.models import DocumentAudience
from coalitions.network.dated import in_force
from coalitions.network.models import (
    Affiliation,
    Coalition,
    Organisation,
    Workspace,
    WorkspaceMembership,
)


@dataclass(frozen=True)
class Step:
    """One rung and who stands on it."""

    rung: Rung
    words: str

    @property
    def name(self) -> str:
        """The rung's own name, in the reader's language."""
        names: dict[str, str] = dict(DocumentAudience._meta.get_field("rung").flatchoices)
        return str(names[self.rung.value])


def organisations_in_words(number: int) -> str:
    """Return "7 organisations" in the reader's language."""
    return ngettext("%(n)s organisation", "%(n)s organisations", number) % {"n": number}


def people_in_words(number: int) -> str:
    """Return "31 people" in the reader's language."""
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": number}


def countries_in_words(number: int) -> str:
    """Return "64 countries" in the reader's language."""
    return ngettext("%(n)s country", "%(n)s countries", number) % {"n": number}


class Reach:
    """Asks once per rung, and only for the rungs that are spoken of."""

    def __init__(self, viewer: Viewer, workspace: Workspace, owner: Organisation) -> None:
        self.viewer = viewer
        self.workspace = workspace
        self.owner = owner

    def steps(self, rungs: Iterable[Rung]) -> list[Step]:
        """Return the rungs with their words, in order."""
        return [Step(rung, self.words(rung)) for rung in rungs]

    def words(self, rung: Rung | str) -> str:
        """Return who can see a document on `rung`: what this rung adds to those below it."""
        write: dict[Rung, Callable[[], str]] = {
            Rung.MEMBERS: self._members,
            Rung.ORGANISATION: self._organisation,
            Rung.WORKSPACE: self._workspace,
            Rung.COALITION: self._coalition,
            Rung.NETWORK: self._network,
            Rung.PUBLIC: lambda: _("Everybody, also without an account"),
        }
        return write[Rung(rung)]()

    @cached_property
    def sees_workspace(self) -> bool:
        """Whether the place itself may be named."""
        return self.workspace.uuid in self.viewer.workspaces

    @cached_property
    def owner_is_visible(self) -> bool:
        """Whether the owner may be named."""
        visible = Organisation.objects.visible_to(self.viewer)
        return visible.filter(pk=self.owner.pk).exists()

    def _members(self) -> str:
        if not self.sees_workspace:
            return _("The members of its workspace alone")
        return _("The members of this workspace alone: %(organisations)s, %(people)s") % (
            self._workspace_numbers
        )

    def _workspace(self) -> str:
        if not self.sees_workspace:
            return _("The members of its workspace")
        return _("This workspace: %(organisations)s, %(people)s") % self._workspace_numbers

    @cached_property
    def _workspace_numbers(self) -> dict[str, str]:
        members = WorkspaceMembership.objects.active().filter(workspace=self.workspace)
        return _numbers(members)

    def _organisation(self) -> str:
        if not self.owner_is_visible:
            return _("The organisation that owns it")
        name = self.owner.name
        if self.owner.uuid not in self.viewer.organisations:
            return name
        people = _numbers(Affiliation.objects.active().filter(organisation=self.owner))["people"]
        return _("%(organisation)s: %(people)s") % {"organisation": name, "people": people}

    def _coalition(self) -> str:
        coalition = self.workspace.coalition
        if coalition is None or coalition.uuid not in self.viewer.coalitions:
            return self._coalition_by_name(coalition)
        members = Affiliation.objects.active().filter(
            in_force(prefix="organisation__coalition_memberships__"),
            organisation__coalition_memberships__coalition=coalition,
        )
        numbers = _numbers(members)
        return _("%(coalition)s: %(organisations)s, %(people)s") % {
            "coalition": coalition.name,
            **numbers,
        }

    def _coalition_by_name(self, coalition: Coalition | None) -> str:
        if coalition is None:
            return _("The organisations of its coalition")
        named = Coalition.objects.visible_to(self.viewer).filter(pk=coalition.pk).exists()
        return coalition.name if named else _("The organisations of its coalition")

    def _network(self) -> str:
        if self.viewer.is_stranger:
            return _("The network")
        numbers = (
            Organisation.objects.visible_to(self.viewer)
            .not_suspended()
            .exclude(kind=Organisation.Kind.PARTNER)
            .aggregate(
                organisations=Count("pk", distinct=True),
                countries=Count("countries", distinct=True),
            )
        )
        return _("People of %(organisations)s in %(countries)s") % {
            "organisations": organisations_in_words(numbers["organisations"]),
            "countries": countries_in_words(numbers["countries"]),
        }


def _numbers(rows: Any) -> dict[str, str]:
    counted = rows.aggregate(
        organisations=Count("organisation", distinct=True), people=Count("person", distinct=True)
    )
    return {
        "organisations": organisations_in_words(counted["organisations"]),
        "people": people_in_words(counted["people"]),
    }
