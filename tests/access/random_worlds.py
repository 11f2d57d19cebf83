"""Random worlds as plain data (hypothesis), and how to put one into the database."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from hypothesis import strategies as st

from coalitions.documents.models import Document, DocumentAudience, DocumentLink
from coalitions.network.models import (
    Affiliation,
    Coalition,
    CoalitionMembership,
    Invitation,
    Organisation,
    Programme,
    Suspension,
    Workspace,
    WorkspaceMembership,
)
from portal.accounts.models import User
from tests.access.oracle import Alliance, Interval, Line, Link, Org, Paper, Person, Room, World

KINDS = ["dci_section", "ecpat_member", "ecpat_affiliate", "secretariat", "partner"]
RUNGS = ["members", "organisation", "workspace", "coalition", "network", "public"]
INTERVALS: list[Interval] = [(-30, None), (-30, 10), (-30, None), (-30, -5), (-30, 0), (5, None)]
intervals = st.sampled_from(INTERVALS)
# A link always has an end.
ENDING: list[Interval] = [(-3, 10), (-3, 10), (-9, -5), (-9, 0), (5, 9)]


@st.composite
def worlds(draw: Any) -> World:
    """Return a world of a few organisations, people, coalitions, workspaces and documents."""
    orgs = [
        Org(
            kind=draw(st.sampled_from(KINDS)),
            listed=draw(st.booleans()),
            suspensions=draw(st.lists(intervals, max_size=1))
            if draw(st.integers(0, 3)) == 0
            else [],
        )
        for _ in range(draw(st.integers(2, 4)))
    ]
    some_org = st.integers(0, len(orgs) - 1)

    def org_intervals(most: int) -> list[tuple[int, Interval]]:
        chosen = draw(st.lists(some_org, unique=True, max_size=most))
        return [(org, draw(intervals)) for org in chosen]

    people = [
        Person(
            active=draw(st.integers(0, 5)) > 0,
            affiliations=org_intervals(3),
            invited_to=draw(st.lists(some_org, unique=True, max_size=1)),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    alliances = [
        Alliance(listed=draw(st.booleans()), members=org_intervals(4))
        for _ in range(draw(st.integers(1, 2)))
    ]
    some_alliance = st.integers(0, len(alliances) - 1)
    rooms = []
    for _ in range(draw(st.integers(1, 3))):
        of_coalition = draw(st.integers(0, 3)) > 0
        members = [
            (person, draw(some_org), draw(intervals))
            for person in draw(
                st.lists(st.integers(0, len(people) - 1), unique=True, max_size=len(people))
            )
        ]
        rooms.append(
            Room(
                coalition=draw(some_alliance) if of_coalition else None,
                organisation=None if of_coalition else draw(some_org),
                need_to_know=draw(st.booleans()),
                members=members,
            )
        )
    papers = [
        Paper(
            room=draw(st.integers(0, len(rooms) - 1)),
            owner=draw(some_org),
            rung=draw(st.sampled_from(RUNGS)),
            child_data=draw(st.integers(0, 3)) == 0,
            trashed=draw(st.integers(0, 7)) == 0,
            earlier=draw(st.none() | st.tuples(st.sampled_from(RUNGS), st.booleans())),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    for paper in papers:
        paper.links = [
            Link(
                org=paper.owner if draw(st.integers(0, 3)) else draw(some_org),
                interval=draw(st.sampled_from(ENDING)),
                left=draw(st.integers(0, 2)),
            )
            for _ in range(draw(st.integers(0, 2)))
        ]
    lines = [Line(draw(st.none() | some_alliance)) for _ in range(draw(st.integers(0, 2)))]
    allowed = draw(st.integers(0, 5)) > 0
    return World(orgs, people, alliances, rooms, papers, lines, links_allowed=allowed)


class Built:
    """The rows of a world, in the order of its lists."""

    def __init__(self, world: World) -> None:
        self.now = timezone.now()
        self.tag = uuid4().hex[:8]
        self.orgs = [self._org(number, org) for number, org in enumerate(world.orgs)]
        self.people = [self._person(number, person) for number, person in enumerate(world.people)]
        self.alliances = [self._alliance(n, alliance) for n, alliance in enumerate(world.alliances)]
        self.rooms = [self._room(number, room) for number, room in enumerate(world.rooms)]
        self.papers = [self._paper(number, paper) for number, paper in enumerate(world.papers)]
        # Of each paper, in the order of its list.
        self.links = [
            [self._link(row, link) for link in paper.links]
            for row, paper in zip(self.papers, world.papers, strict=True)
        ]
        self.lines = [
            Programme.objects.create(
                code=f"{self.tag}-{number}",
                coalition=None if line.coalition is None else self.alliances[line.coalition],
            )
            for number, line in enumerate(world.lines)
        ]

    def _when(self, interval: Interval) -> dict[str, Any]:
        start, end = interval
        return {
            "since": self.now + timedelta(days=start),
            "until": None if end is None else self.now + timedelta(days=end),
        }

    def _org(self, number: int, org: Org) -> Organisation:
        row = Organisation.objects.create(
            slug=f"{self.tag}-{number}", kind=org.kind, listed=org.listed, names={"en": "x"}
        )
        for interval in org.suspensions:
            Suspension.objects.create(organisation=row, **self._when(interval))
        return row

    def _person(self, number: int, person: Person) -> User:
        row = User.objects.create(
            email=f"{self.tag}-{number}@example.org", name="x", is_active=person.active
        )
        for org, interval in person.affiliations:
            Affiliation.objects.create(
                person=row, organisation=self.orgs[org], **self._when(interval)
            )
        for org in person.invited_to:
            Invitation.objects.create(
                email=row.email,
                organisation=self.orgs[org],
                role="administrator",
                invited_by=row,
                expires=self.now + timedelta(days=14),
            )
        return row

    def _alliance(self, number: int, alliance: Alliance) -> Coalition:
        row = Coalition.objects.create(
            slug=f"{self.tag}-{number}", names={"en": "x"}, listed=alliance.listed
        )
        for org, interval in alliance.members:
            CoalitionMembership.objects.create(
                coalition=row, organisation=self.orgs[org], **self._when(interval)
            )
        return row

    def _room(self, number: int, room: Room) -> Workspace:
        row = Workspace.objects.create(
            reference=f"{self.tag}-{number}",
            name="x",
            need_to_know=room.need_to_know,
            coalition=None if room.coalition is None else self.alliances[room.coalition],
            organisation=None if room.organisation is None else self.orgs[room.organisation],
        )
        for person, org, interval in room.members:
            WorkspaceMembership.objects.create(
                workspace=row,
                person=self.people[person],
                organisation=self.orgs[org],
                **self._when(interval),
            )
        return row

    def _paper(self, number: int, paper: Paper) -> Document:
        by = self.people[0]
        row = Document.objects.create(
            reference=f"{self.tag}-{number}",
            title="x",
            language="en",
            owner=self.orgs[paper.owner],
            workspace=self.rooms[paper.room],
            created_by=by,
            trashed=self.now if paper.trashed else None,
        )
        rows = [(paper.rung, paper.child_data, (0 if paper.earlier is None else -1, None))]
        if paper.earlier is not None:
            rows.append((*paper.earlier, (-9, -1)))
        for rung, child_data, interval in rows:
            DocumentAudience.objects.create(
                document=row,
                rung=rung,
                child_data=child_data,
                decided_by=by,
                organisation=row.owner,
                **self._when(interval),
            )
        return row

    def _link(self, row: Document, link: Link) -> DocumentLink:
        made: DocumentLink = DocumentLink.objects.create(
            document=row,
            organisation=self.orgs[link.org],
            made_by=self.people[0],
            secret_digest=uuid4().hex,
            password="x",
            most_downloads=2,
            downloads_made=2 - link.left,
            **self._when(link.interval),
        )
        return made
