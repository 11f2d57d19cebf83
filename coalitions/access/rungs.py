"""The sharing ladder: organisation → workspace → coalition → network → public.

Invariant: the ladder accumulates. A rung's labels hold those of every rung below it, so that
sharing further never takes sight away from anyone. *Members only*, where a need-to-know
workspace starts, is the one rung without the owner's label.
"""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from coalitions.access.labels import (
    NETWORK,
    PUBLIC,
    coalition_label,
    organisation_label,
    sealed_organisation_label,
    sealed_workspace_label,
    workspace_label,
)


class Rung(StrEnum):
    """How far a document is shared."""

    MEMBERS = "members"
    ORGANISATION = "organisation"
    WORKSPACE = "workspace"
    COALITION = "coalition"
    NETWORK = "network"
    PUBLIC = "public"


LADDER: tuple[Rung, ...] = (
    Rung.ORGANISATION,
    Rung.WORKSPACE,
    Rung.COALITION,
    Rung.NETWORK,
    Rung.PUBLIC,
)
CHILD_DATA_LIMIT = Rung.WORKSPACE


def ladder_for(*, need_to_know: bool, in_coalition: bool, child_data: bool) -> tuple[Rung, ...]:
    """Return the rungs a document can stand on, closed first.

    `need_to_know`: its workspace is need-to-know, so the ladder starts at *members only* and has
    no rung of the organisation alone. `in_coalition`: its workspace belongs to a coalition.
    `child_data`: it carries that label, so nothing beyond the workspace is offered.
    """
    rungs = list(LADDER)
    if need_to_know:
        rungs[0] = Rung.MEMBERS
    if not in_coalition:
        rungs.remove(Rung.COALITION)
    if child_data:
        rungs = [rung for rung in rungs if rung in (Rung.MEMBERS, *LADDER[:2])]
    return tuple(rungs)


def rungs_from(rung: Rung) -> tuple[Rung, ...]:
    """Return a rung of the ladder and all above it: where what is shared so far, or further, is."""
    return LADDER[LADDER.index(rung) :]


def audience_labels(
    rung: Rung | str,
    *,
    organisation: UUID,
    workspace: UUID,
    coalition: UUID | None,
    child_data: bool,
) -> frozenset[str]:
    """Return the labels of a document on `rung`.

    `organisation`: its owner. `coalition`: that of its workspace, or None where one organisation
    owns the workspace; a document said to be shared with a coalition there is not, and stays on
    the rung below. With `child_data` only sealed labels are left, whatever the rung.
    """
    rung = Rung(rung)
    if rung is Rung.MEMBERS:
        return frozenset(
            {sealed_workspace_label(workspace) if child_data else workspace_label(workspace)}
        )
    reached = LADDER[: LADDER.index(rung) + 1]
    if child_data:
        labels = {sealed_organisation_label(organisation)}
        if Rung.WORKSPACE in reached:
            labels.add(sealed_workspace_label(workspace))
        return frozenset(labels)
    labels = {organisation_label(organisation)}
    if Rung.WORKSPACE in reached:
        labels.add(workspace_label(workspace))
    if Rung.COALITION in reached and coalition is not None:
        labels.add(coalition_label(coalition))
    if Rung.NETWORK in reached:
        labels.add(NETWORK)
    if Rung.PUBLIC in reached:
        labels.add(PUBLIC)
    return frozenset(labels)


def rung_of_labels(labels: Collection[str]) -> Rung | None:
    """Return the furthest rung that these labels reach: the inverse of `audience_labels`.

    None for labels that are on no rung (a person's or a link's alone, or none at all).
    """
    kinds = {label.partition(":")[0].removeprefix("sealed-") for label in labels}
    for kind, rung in (
        (PUBLIC, Rung.PUBLIC),
        (NETWORK, Rung.NETWORK),
        ("coalition", Rung.COALITION),
    ):
        if kind in kinds:
            return rung
    if "workspace" in kinds:
        return Rung.WORKSPACE if "org" in kinds else Rung.MEMBERS
    return Rung.ORGANISATION if "org" in kinds else None
