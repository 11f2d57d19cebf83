"""Every order of events around an organisation that leaves a coalition, against a model.

The model is written from the prose and imports nothing of `access`: it keeps, for one document, the
people who are to see it, and for each person what they may do with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.documents.permissions import rights_on
from coalitions.documents.services import NotOnLadder
from coalitions.documents.trash import restorable
from coalitions.network.models import Workspace
from coalitions.network.services import (
    Refused,
    add_organisation_to_coalition,
    end_coalition_membership,
    hand_over_lead,
    lift_suspension,
    place_person,
    suspend_organisation,
)
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds

pytestmark = pytest.mark.django_db

HEIGHT = {"members": 0, "organisation": 0, "workspace": 1, "coalition": 2, "network": 3}


@dataclass(frozen=True)
class Model:
    """What the prose says of one document of Owner, in a workspace of Lead, Owner and Partner."""

    rule: str
    closed: bool
    rung: str
    in_coalition: bool = True
    in_workspace: bool = True
    moved: bool = False
    trashed: bool = False
    suspended: bool = False
    lead: str = "lead"
    # Owner's people who are members of the place where the document lies.
    placed: frozenset[str] = frozenset({"inside"})
    own_place: frozenset[str] = frozenset()
    others_allowed: bool = False

    def owners(self) -> set[str]:
        return set() if self.suspended else {"inside", "colleague", "admin"}

    def workspace_members(self) -> set[str]:
        if self.moved:
            return set(self.own_place) & self.owners()
        members = {"coordinator", "partner"}
        return members | (set(self.placed) & self.owners())

    def sees(self) -> set[str]:
        """Who sees it, were it not in the trash."""
        members = self.workspace_members()
        if self.rung == "members":
            return members
        seen = set(self.owners())
        if HEIGHT[self.rung] >= 1:
            seen |= members
        if HEIGHT[self.rung] >= 2 and not self.moved:
            seen |= {"coordinator", "partner", "lead_admin", "partner_admin"}
            if self.in_coalition:
                seen |= self.owners()
        if HEIGHT[self.rung] >= 3:
            seen |= {"coordinator", "partner", "lead_admin", "partner_admin", "outsider"}
        return seen

    def in_care(self) -> bool:
        return not self.moved and not self.in_coalition and self.rung != "organisation"

    def decides(self) -> set[str]:
        """Who decides who sees it, or would if it were out of the trash."""
        who = {"admin"} & self.owners()
        if self.in_care():
            who = {"lead_admin"} if self.lead == "lead" else {"partner_admin"}
            if self.lead == "lead":
                who |= {"coordinator"}
        return who & self.sees()


@dataclass
class Place:
    """The real world, and the people by the names that the model has for them."""

    people: dict[str, User]
    owner: Any
    lead: Any
    partner: Any
    coalition: Any
    workspace: Workspace
    document: Document
    keeper: User


def make_place(model: Model) -> Place:
    lead, owner, partner = (worlds.make_organisation(name) for name in ("Lead", "Owner", "Partner"))
    outside = worlds.make_organisation("Outside")
    secretariat = worlds.make_organisation("Secretariat", kind="secretariat")
    coalition = worlds.make_coalition(lead, owner, partner)
    coalition.memberships.update(on_leaving=model.rule)
    coalition.on_leaving = model.rule
    coalition.save()
    workspace = worlds.make_workspace(coalition, "Room", need_to_know=model.closed)
    people = {
        "lead_admin": worlds.make_person(lead, "administrator"),
        "coordinator": worlds.make_person(lead),
        "admin": worlds.make_person(owner, "administrator"),
        "inside": worlds.make_person(owner),
        "colleague": worlds.make_person(owner),
        "partner": worlds.make_person(partner),
        "partner_admin": worlds.make_person(partner, "administrator"),
        "outsider": worlds.make_person(outside),
    }
    for name, organisation, role in (
        ("coordinator", lead, "coordinator"),
        ("inside", owner, "contributor"),
        ("partner", partner, "contributor"),
    ):
        worlds.join(workspace, people[name], organisation, role)
    document = worlds.make_document(workspace, owner, by=people["inside"], rung=model.rung)
    keeper = worlds.make_person(secretariat, "administrator")
    return Place(people, owner, lead, partner, coalition, workspace, document, keeper)


Step = tuple[Callable[[Place], None], Callable[[Model], "Model | None"]]


def leave(place: Place) -> None:
    end_coalition_membership(
        place.coalition, place.owner, acting_user=place.people["lead_admin"], as_system=False
    )


def leave_own(place: Place) -> None:
    end_coalition_membership(place.coalition, place.owner, acting_user=None, as_system=True)


def left(model: Model) -> Model | None:
    if not model.in_coalition:
        return None
    gone = replace(model, in_coalition=False, placed=frozenset())
    if model.moved or (model.rule == "stay" and model.rung != "organisation"):
        return gone
    rung = model.rung
    if rung != "members":
        rung = "workspace" if model.closed else "organisation"
    return replace(gone, moved=True, rung=rung, own_place=model.placed, others_allowed=False)


def return_(place: Place) -> None:
    add_organisation_to_coalition(place.coalition, place.owner, acting_user=None, as_system=True)
    place_person(
        place.workspace,
        place.people["inside"],
        organisation=place.owner,
        role="contributor",
        acting_user=None,
        as_system=True,
    )


def returned(model: Model) -> Model | None:
    """Nothing comes back by itself: a document that went stays where it is."""
    if model.in_coalition or model.suspended:
        return None
    return replace(model, in_coalition=True, placed=frozenset({"inside"}))


def share(rung: str) -> Step:
    """The owner's administrator shares it so far."""

    def act(place: Place) -> None:
        services.share_document(
            acting_user=place.people["admin"], document=place.document, rung=rung
        )

    def then(model: Model) -> Model | None:
        may = "admin" in model.decides() and not model.trashed
        ladder = {"organisation", "workspace", "coalition", "network"}
        if model.closed:
            ladder = (ladder - {"organisation"}) | {"members"}
        if model.moved:
            ladder -= {"coalition"}
        return replace(model, rung=rung) if may and rung in ladder else None

    return act, then


def narrow_by_lead(place: Place) -> None:
    services.share_document(
        acting_user=place.people["lead_admin"], document=place.document, rung="workspace"
    )


def narrowed_by_lead(model: Model) -> Model | None:
    may = "lead_admin" in model.decides() and not model.trashed
    return replace(model, rung="workspace") if may and HEIGHT[model.rung] >= 1 else None


def widen_by_lead(place: Place) -> None:
    services.share_document(
        acting_user=place.people["lead_admin"], document=place.document, rung="network"
    )


def never_widened(model: Model) -> Model | None:
    """The lead lets nobody see more, whatever it looks after; on its rung nothing changes."""
    may = "lead_admin" in model.decides() and not model.trashed
    return model if may and model.rung == "network" else None


def trash(place: Place) -> None:
    services.trash_document(acting_user=place.people["coordinator"], document=place.document)


def trashed(model: Model) -> Model | None:
    if model.trashed or model.moved or "coordinator" not in model.sees():
        return None
    return replace(model, trashed=True)


def restore(place: Place) -> None:
    for name in ("coordinator", "admin", "inside"):
        found = restorable(place.people[name], viewer_for(place.people[name]))
        if found.filter(pk=place.document.pk).exists():
            services.restore_document(acting_user=place.people[name], document=place.document)
            return
    raise NotAllowed("Nobody restores it.")


def restored(model: Model) -> Model | None:
    if not model.trashed:
        return None
    may = set() if model.moved else {"coordinator"} & model.sees()
    may |= {"inside"} & model.sees() & model.workspace_members()
    if not model.in_care():
        may |= {"admin"} & model.sees()
    return replace(model, trashed=False) if may else None


def suspend(place: Place) -> None:
    suspend_organisation(place.owner, acting_user=place.keeper)


def suspended(model: Model) -> Model | None:
    return None if model.suspended else replace(model, suspended=True)


def lift(place: Place) -> None:
    lift_suspension(place.owner, acting_user=place.keeper)


def lifted(model: Model) -> Model | None:
    return replace(model, suspended=False) if model.suspended else None


def hand_over(place: Place) -> None:
    hand_over_lead(place.coalition, place.partner, acting_user=place.people["lead_admin"])


def handed_over(model: Model) -> Model | None:
    return replace(model, lead="partner") if model.lead == "lead" else None


def ask_and_grant(place: Place) -> None:
    request = services.ask_to_share(
        acting_user=place.people["partner"], document=place.document, rung="network", reason="Why"
    )
    services.grant_request(acting_user=place.people["admin"], request=request)


def granted(model: Model) -> Model | None:
    """Who sees it asks, and the owner grants it; in care there is nothing to ask for."""
    if model.trashed or model.rung == "network" or model.in_care():
        return None
    may = "partner" in model.sees() and "admin" in model.decides()
    return replace(model, rung="network") if may else None


def allow_others(place: Place) -> None:
    services.let_others_add_versions(
        acting_user=place.people["admin"], document=place.document, allowed=True
    )


def allowed_others(model: Model) -> Model | None:
    may = "admin" in model.decides() and not model.trashed
    return replace(model, others_allowed=True) if may else None


STEPS: dict[str, Step] = {
    "leave": (leave, lambda model: left(model) if model.lead == "lead" else None),
    "leave, by the system": (leave_own, left),
    "return": (return_, returned),
    "share with the network": share("network"),
    "share with the workspace": share("workspace"),
    "draw back to the organisation": share("organisation"),
    "narrow by the lead": (narrow_by_lead, narrowed_by_lead),
    "widen by the lead": (widen_by_lead, never_widened),
    "trash": (trash, trashed),
    "restore": (restore, restored),
    "suspend": (suspend, suspended),
    "lift": (lift, lifted),
    "hand over": (hand_over, handed_over),
    "ask and grant": (ask_and_grant, granted),
    "allow others": (allow_others, allowed_others),
}


def check(place: Place, model: Model, story: list[str]) -> None:
    document = Document.objects.get(pk=place.document.pk)
    said = f"{' → '.join(story)} under {model}"
    wanted = set() if model.trashed else model.sees()
    for name, person in place.people.items():
        viewer = viewer_for(person)
        sees = Document.objects.visible_to(viewer).filter(pk=document.pk).exists()
        assert sees == (name in wanted), f"{name} sees: {sees}, after {said}"
        if not model.trashed:
            rights = rights_on(person, document, viewer)
            assert rights.decide_audience == (name in model.decides()), f"{name} after {said}"
            assert rights.as_owner == (rights.decide_audience and not model.in_care()), said
    partner_adds = (
        model.others_allowed and "partner" in wanted and "partner" in model.workspace_members()
    )
    rights = rights_on(place.people["partner"], document)
    if model.lead == "lead":
        assert rights.add_version == partner_adds, f"partner adds a version after {said}"
    assert (document.workspace_id != place.workspace.pk) == model.moved, said
    assert document.owner == place.owner, said
    assert document.former_places.count() == int(model.moved), said
    assert document.audiences.in_force().count() == 1, said


def walk(place: Place, model: Model, left_over: list[str], story: list[str]) -> Iterator[int]:
    """Do each of the steps that are left, and all orders of the others after it."""
    for name in left_over:
        act, then = STEPS[name]
        with transaction.atomic():
            after = then(model)
            try:
                with transaction.atomic():
                    act(place)
                done = True
            except (NotAllowed, Refused, NotOnLadder, services.RequestRefused):
                done = False
            told = [*story, name]
            assert done == (after is not None), f"{name} done: {done}, {told} under {model}"
            yield 1
            # What was refused changed nothing: the orders after it are those without it.
            if after is not None:
                check(place, after, told)
                place.document = Document.objects.get(pk=place.document.pk)
                yield from walk(place, after, [n for n in left_over if n != name], told)
            transaction.set_rollback(True)
        place.document = Document.objects.get(pk=place.document.pk)


SETS: dict[str, list[str]] = {
    "sharing": ["leave", "return", "share with the network", "draw back to the organisation"],
    "asking": ["leave", "return", "ask and grant", "narrow by the lead", "widen by the lead"],
    "trash": ["leave", "return", "trash", "restore"],
    "suspension": ["leave", "return", "suspend", "lift"],
    "lead": ["leave, by the system", "hand over", "narrow by the lead", "share with the network"],
    "others": ["leave", "return", "allow others", "share with the workspace"],
}


@pytest.mark.parametrize("events", SETS, ids=str)
@pytest.mark.parametrize(
    "closed",
    [
        pytest.param(False, id="open"),
        pytest.param(True, id="need to know", marks=pytest.mark.nightly),
    ],
)
@pytest.mark.parametrize("rule", ["stay", "go"])
def test_every_order_of_events(rule: str, closed: bool, events: str) -> None:
    for rung in ("members" if closed else "organisation", "coalition"):
        with transaction.atomic():
            model = Model(rule, closed, rung)
            place = make_place(model)
            assert sum(walk(place, model, SETS[events], [])) > len(SETS[events])
            transaction.set_rollback(True)
