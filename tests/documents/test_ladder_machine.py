"""Random stories of one document: after each step, everybody sees exactly what the model says.

Stateful testing as by Claessen and Hughes (2002): the model is `ladder_model.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from coalitions.access import STRANGER, NotAllowed, Viewer
from coalitions.documents import services
from coalitions.documents.announcing import announce_begun
from coalitions.documents.labels import document_labels
from coalitions.documents.linked import viewer_for_link
from coalitions.documents.models import Document, DocumentLink, ShareRequest
from coalitions.documents.services import NotOnLadder, RequestRefused, WrongEnd
from coalitions.documents.services.lifting import LiftRefused, confirm_lift, propose_lift
from coalitions.documents.services.linking import LinkRefused, Terms, make_link, revoke_link
from coalitions.network.services import (
    add_organisation_to_coalition,
    end_coalition_membership,
    lift_suspension,
    place_person,
    suspend_organisation,
)
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from search.service import find
from tests import worlds
from tests.documents.ladder_model import EVERYBODY, LADDER, Link, Model, Request
from tests.documents.links import WORDS

REFUSALS = (NotAllowed, NotOnLadder, WrongEnd, RequestRefused, LinkRefused, LiftRefused)
MOST_LINKS, MOST_REQUESTS = 20, 20
people = st.sampled_from(EVERYBODY[:-1])
rungs = st.sampled_from(LADDER)


class Story(RuleBasedStateMachine):
    """One document, the people around it, and a clock that only goes on by days."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.patch = pytest.MonkeyPatch()
        self.start = timezone.now()
        self.patch.setattr(timezone, "now", self._now)

    def _now(self) -> datetime:
        # Each look at the clock is a little later than the one before.
        self.looks = getattr(self, "looks", 0) + 1
        days = self.model.day if hasattr(self, "model") else 0
        return self.start + timedelta(days=days, microseconds=self.looks)

    def teardown(self) -> None:
        self.patch.undo()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(on_leaving=st.sampled_from(["stay", "go"]), rung=rungs)
    def begin(self, on_leaving: str, rung: str) -> None:
        self.model = Model(on_leaving, [(0, rung)])
        lead, owner, partner, outside, guest = (
            worlds.make_organisation(kind=kind)
            for kind in ("section", "section", "section", "section", "partner")
        )
        self.owner, self.coalition = owner, worlds.make_coalition(lead, owner, partner)
        self.coalition.memberships.update(on_leaving=on_leaving)
        type(self.coalition).objects.filter(pk=self.coalition.pk).update(on_leaving=on_leaving)
        self.workspace = worlds.make_workspace(self.coalition, "Room")
        self.people: dict[str, User] = {
            "admin": worlds.make_person(owner, "administrator"),
            "deputy": worlds.make_person(owner, "administrator"),
            "inside": worlds.make_person(owner),
            "colleague": worlds.make_person(owner),
            "lead_admin": worlds.make_person(lead, "administrator"),
            "coordinator": worlds.make_person(lead),
            "partner": worlds.make_person(partner),
            "partner_admin": worlds.make_person(partner, "administrator"),
            "outsider": worlds.make_person(outside, "administrator"),
            "guest": worlds.make_person(guest, "administrator"),
        }
        for name, organisation, role in (
            ("inside", owner, "contributor"),
            ("coordinator", lead, "coordinator"),
            ("partner", partner, "contributor"),
        ):
            worlds.join(self.workspace, self.people[name], organisation, role)
        secretariat = worlds.make_organisation("Secretariat", kind="secretariat")
        self.keeper = worlds.make_person(secretariat, "administrator")
        self.made = worlds.make_document(
            self.workspace, owner, by=self.people["inside"], rung=rung, title="Lantern"
        )
        self.links: list[DocumentLink] = []
        self.requests: list[ShareRequest] = []

    @property
    def document(self) -> Document:
        return Document.objects.get(pk=self.made.pk)

    def do(self, act: Callable[[], Any], *, may: bool) -> Any:
        """Do it where the model says that it may be done; else see it refused."""
        if may:
            return act()
        with pytest.raises(REFUSALS), transaction.atomic():
            act()
        return None

    # The ladder -------------------------------------------------------------------------------
    @rule(who=people, rung=rungs, days=st.sampled_from([None, None, 1, 3, 7]))
    def share(self, who: str, rung: str, days: int | None) -> None:
        until = None if days is None else self.model.day + days
        end = None if until is None else self.start + timedelta(days=until)
        may = who in self.model.deciders() and self.model.share(rung, until)
        self.do(
            lambda: services.share_document(
                acting_user=self.people[who], document=self.document, rung=rung, until=end
            ),
            may=may,
        )

    @rule()
    def pass_a_day(self) -> None:
        self.model.pass_a_day()

    @rule()
    def announce(self) -> None:
        """Whether the worker has told of what ended changes nothing for anybody."""
        announce_begun()

    @rule(who=people)
    def mark_child_data(self, who: str) -> None:
        model = self.model
        editors = {"inside"} & model.members() | ({"lead_admin"} if model.in_care else set())
        if not model.in_care:
            editors |= {"admin", "deputy"}
        may = who in editors & model.sees()
        if may:
            model.seal()
        self.do(
            lambda: services.mark_child_data(acting_user=self.people[who], document=self.document),
            may=may,
        )

    @precondition(lambda self: self.model.child_data)
    @rule(first=people, second=people)
    def lift_by_two(self, first: str, second: str) -> None:
        may = first != second and {first, second} <= self.model.as_owner()

        def act() -> None:
            with transaction.atomic():
                lift = propose_lift(
                    acting_user=self.people[first], document=self.document, reason="No child"
                )
                confirm_lift(acting_user=self.people[second], lift=lift)

        self.do(act, may=may)
        if may:
            self.model.child_data = False

    # Asking -----------------------------------------------------------------------------------
    @rule(who=people, rung=rungs)
    def ask(self, who: str, rung: str) -> None:
        model = self.model
        again = any(
            model.is_open(asked) and (asked.person, asked.rung) == (who, rung)
            for asked in model.requests
        )
        may = (
            who in model.sees()
            and rung in model.ladder()
            and LADDER.index(rung) > LADDER.index(model.rung)
            and not again
            and len(model.requests) < MOST_REQUESTS
        )
        if len(model.requests) >= MOST_REQUESTS:
            return
        request = self.do(
            lambda: services.ask_to_share(
                acting_user=self.people[who], document=self.document, rung=rung, reason="Why"
            ),
            may=may,
        )
        if may:
            self.requests.append(request)
            model.requests.append(Request(who, rung, model.day))

    @precondition(lambda self: self.requests)
    @rule(who=people, number=st.integers(0, MOST_REQUESTS), how=st.sampled_from("grw"))
    def answer(self, who: str, number: int, how: str) -> None:
        model, place = self.model, number % len(self.requests)
        asked, request = model.requests[place], self.requests[place]
        person = self.people[who]
        if how == "w":
            may = who == asked.person and who in model.sees() and model.is_open(asked)
            if may:
                asked.answer = "withdrawn"
            self.do(lambda: services.withdraw_request(acting_user=person, request=request), may=may)
            return
        may = who in model.as_owner() and model.is_open(asked)
        if how == "g":
            if may:
                may = model.share(asked.rung, None)
            self.do(lambda: services.grant_request(acting_user=person, request=request), may=may)
            return
        if may:
            asked.answer = "refused"
        self.do(
            lambda: services.refuse_request(acting_user=person, request=request, note="No"),
            may=may,
        )

    # Links ------------------------------------------------------------------------------------
    @rule(who=people, days=st.sampled_from([1, 3, 30]), left=st.integers(1, 2))
    def link(self, who: str, days: int, left: int) -> None:
        model = self.model
        if len(model.links) >= MOST_LINKS:
            return
        may = who in model.as_owner() and not model.child_data
        terms = Terms(password=WORDS, days=days, downloads=left)
        made = self.do(
            lambda: make_link(acting_user=self.people[who], document=self.document, terms=terms),
            may=may,
        )
        if may:
            ends = model.course[1][0] if len(model.course) > 1 else model.day + days
            self.links.append(made[0])
            # A little after midnight: on its last day it opens still for as long as it was day.
            until = model.day + days
            model.links.append(Link(min(ends, until), left))

    @precondition(lambda self: self.links)
    @rule(who=people, number=st.integers(0, MOST_LINKS))
    def revoke(self, who: str, number: int) -> None:
        place = number % len(self.links)
        may = who in self.model.as_owner()
        self.do(lambda: revoke_link(acting_user=self.people[who], link=self.links[place]), may=may)
        if may:
            self.model.links[place].ended = True

    @precondition(lambda self: self.links)
    @rule(number=st.integers(0, MOST_LINKS))
    def download(self, number: int) -> None:
        place = number % len(self.links)
        link, told = self.links[place], self.model.links[place]
        may = self.model.opens(told)
        from coalitions.documents.services.linking import LinkIsOver, take_download

        def act() -> None:
            with suppress(LinkIsOver):
                take_download(viewer_for_link(link), self.document)
                return
            raise NotAllowed("It is over.")

        self.do(act, may=may)
        told.left -= int(may)

    # The trash, leaving, suspension -----------------------------------------------------------
    @rule()
    def trash(self) -> None:
        may = "admin" in self.model.sees() and not self.model.in_care
        if self.model.trashed:
            return
        self.do(
            lambda: services.trash_document(
                acting_user=self.people["admin"], document=self.document
            ),
            may=may,
        )
        if may:
            self.model.trashed = True
            self.model.end_links()

    @precondition(lambda self: self.model.trashed)
    @rule()
    def restore(self) -> None:
        may = "admin" in self.model.would_see() and not self.model.in_care
        self.do(
            lambda: services.restore_document(
                acting_user=self.people["admin"], document=self.document
            ),
            may=may,
        )
        self.model.trashed = not may

    @precondition(lambda self: self.model.in_coalition)
    @rule()
    def leave(self) -> None:
        end_coalition_membership(self.coalition, self.owner, acting_user=None, as_system=True)
        self.model.leave()

    @precondition(lambda self: not self.model.in_coalition and not self.model.suspended)
    @rule()
    def return_(self) -> None:
        """Nothing comes back by itself: what went stays where it is."""
        add_organisation_to_coalition(self.coalition, self.owner, acting_user=None, as_system=True)
        place_person(
            self.workspace,
            self.people["inside"],
            organisation=self.owner,
            role="contributor",
            acting_user=None,
            as_system=True,
        )
        self.model.in_coalition = True
        self.model.inside_placed = self.model.inside_placed or not self.model.moved

    @rule()
    def suspend_or_lift(self) -> None:
        act = lift_suspension if self.model.suspended else suspend_organisation
        act(self.owner, acting_user=self.keeper)
        self.model.suspended = not self.model.suspended

    # After each step --------------------------------------------------------------------------
    def _sees(self, viewer: Viewer) -> bool:
        document = self.document
        found = Document.objects.visible_to(viewer).filter(pk=document.pk).exists()
        assert viewer.sees(document_labels(document)) == found
        return found

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        wanted = self.model.sees()
        for name in EVERYBODY:
            viewer = viewer_for(self.people[name]) if name in self.people else STRANGER
            assert self._sees(viewer) == (name in wanted), name

    @invariant()
    def links_open_what_the_model_says(self) -> None:
        for link, told in zip(self.links, self.model.links, strict=True):
            assert self._sees(viewer_for_link(link)) == self.model.opens(told), told

    @invariant()
    def what_was_asked_is_answered_as_the_model_says(self) -> None:
        announced = {row.pk: row for row in ShareRequest.objects.all()}
        for request, told in zip(self.requests, self.model.requests, strict=True):
            outcome = announced[request.pk].outcome
            # An end that has passed is written when it is announced.
            assert outcome == told.answer or (not outcome and told.answer == "overtaken"), told

    @invariant()
    def search_finds_for_nobody_what_they_do_not_see(self) -> None:
        for name in ("partner", "outsider", "stranger"):
            viewer = viewer_for(self.people[name]) if name in self.people else STRANGER
            found = {item.uuid for item in find(viewer, "lantern").items}
            if name not in self.model.sees():
                assert self.made.uuid not in found, name


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_stories() -> None:
    run(6, 15)


@pytest.mark.nightly
@pytest.mark.django_db
def test_many_long_stories() -> None:
    run(400, 50)
