"""Who may see what, said again from the prose alone.

Imports nothing of the product: a world is plain data, and every answer is spelled out in the words
of the architecture. If this file and the product disagree, one of them is wrong.
"""

from dataclasses import dataclass, field

# An interval is (from, until) in days from now; until None is open. [from, until) holds now when
# from <= 0 and (until is None or until > 0).
Interval = tuple[int, int | None]


def now_in(interval: Interval) -> bool:
    start, end = interval
    return start <= 0 and (end is None or end > 0)


@dataclass
class Org:
    kind: str
    listed: bool
    suspensions: list[Interval] = field(default_factory=list)

    @property
    def suspended(self) -> bool:
        return any(now_in(interval) for interval in self.suspensions)


@dataclass
class Person:
    active: bool
    affiliations: list[tuple[int, Interval]] = field(default_factory=list)
    invited_to: list[int] = field(default_factory=list)


@dataclass
class Alliance:
    listed: bool
    members: list[tuple[int, Interval]] = field(default_factory=list)


@dataclass
class Room:
    coalition: int | None
    organisation: int | None
    need_to_know: bool
    members: list[tuple[int, int, Interval]] = field(default_factory=list)  # person, org


@dataclass
class Link:
    """A link for outsiders to one paper: made by an organisation, for an interval, so many left."""

    org: int
    interval: Interval
    left: int


@dataclass
class Paper:
    room: int
    owner: int
    rung: str
    child_data: bool
    trashed: bool
    earlier: tuple[str, bool] | None = None  # rung and child data until yesterday
    links: list[Link] = field(default_factory=list)


@dataclass
class Line:
    coalition: int | None


@dataclass
class World:
    orgs: list[Org]
    people: list[Person]
    alliances: list[Alliance]
    rooms: list[Room]
    papers: list[Paper]
    lines: list[Line]
    links_allowed: bool = True


@dataclass
class Token:
    org: int
    scopes: set[str]


def works_for(world: World, person: int) -> set[int]:
    """The organisations a person works for now, leaving out suspended ones."""
    who = world.people[person]
    if not who.active:
        return set()
    return {
        org
        for org, interval in who.affiliations
        if now_in(interval) and not world.orgs[org].suspended
    }


def in_alliance(world: World, alliance: int) -> set[int]:
    return {org for org, interval in world.alliances[alliance].members if now_in(interval)}


def takes_part(world: World, room: int) -> set[int]:
    place = world.rooms[room]
    if place.organisation is not None:
        return {place.organisation}
    assert place.coalition is not None
    return in_alliance(world, place.coalition)


def is_member(world: World, person: int, room: int) -> bool:
    """Through one active affiliation of an organisation that takes part."""
    return any(
        who == person
        and now_in(interval)
        and org in works_for(world, person)
        and org in takes_part(world, room)
        for who, org, interval in world.rooms[room].members
    )


def of_the_network(world: World, orgs: set[int]) -> bool:
    return any(world.orgs[org].kind != "partner" for org in orgs)


def person_sees_paper(world: World, person: int | None, paper: Paper) -> bool:
    """`person` None is a stranger."""
    if paper.trashed:
        return False
    orgs = works_for(world, person) if person is not None else set()
    member = person is not None and is_member(world, person, paper.room)
    if paper.rung == "members":
        return member
    if paper.owner in orgs:
        return True
    if paper.rung == "organisation":
        return False
    if member:
        return True
    if paper.rung == "workspace" or paper.child_data:
        return False
    alliance = world.rooms[paper.room].coalition
    if alliance is not None and orgs & in_alliance(world, alliance):
        return True
    if paper.rung == "coalition":
        return False
    if of_the_network(world, orgs):
        return True
    return paper.rung == "public"


def token_sees_paper(world: World, token: Token, paper: Paper) -> bool:
    if paper.trashed or paper.child_data or paper.rung == "members":
        return False
    if paper.rung == "public":
        return True
    org = world.orgs[token.org]
    if org.suspended:
        return False
    if "read:organisation" in token.scopes and paper.owner == token.org:
        return True
    alliance = world.rooms[paper.room].coalition
    if (
        paper.rung in ("coalition", "network")
        and "read:coalition" in token.scopes
        and alliance is not None
        and token.org in in_alliance(world, alliance)
    ):
        return True
    return paper.rung == "network" and "read:network" in token.scopes and org.kind != "partner"


def holder_sees_paper(world: World, paper: Paper, link: Link | None) -> bool:
    """`link`: the one that the holder has of this paper, None where it is of another paper."""
    if link is None or not world.links_allowed:
        return False
    if paper.trashed or paper.child_data:
        return False
    if link.org != paper.owner or world.orgs[link.org].suspended:
        return False
    alliance = world.rooms[paper.room].coalition
    left = alliance is not None and paper.owner not in in_alliance(world, alliance)
    if left and paper.rung != "organisation":
        # The coalition looks after what others see of an owner that left, and no link opens it.
        return False
    return now_in(link.interval) and link.left > 0


def person_sees_org(world: World, person: int | None, org: int) -> bool:
    orgs = works_for(world, person) if person is not None else set()
    return world.orgs[org].listed or of_the_network(world, orgs) or org in orgs


def person_sees_alliance(world: World, person: int | None, alliance: int) -> bool:
    orgs = works_for(world, person) if person is not None else set()
    secretariat = any(world.orgs[org].kind == "secretariat" for org in orgs)
    return (
        world.alliances[alliance].listed or secretariat or bool(orgs & in_alliance(world, alliance))
    )


def person_sees_room(world: World, person: int | None, room: int) -> bool:
    return person is not None and is_member(world, person, room)


def person_sees_line(world: World, person: int | None, line: Line) -> bool:
    return line.coalition is None or person_sees_alliance(world, person, line.coalition)


def person_sees_person(world: World, person: int | None, other: int) -> bool:
    """Names are shown only within a shared workspace or organisation."""
    if person is None or not world.people[person].active:
        return False
    if person == other:
        held = [org for org, interval in world.people[person].affiliations if now_in(interval)]
        return not held or bool(works_for(world, person))
    shared_org = works_for(world, person) & works_for(world, other)
    shared_room = any(
        is_member(world, person, room) and is_member(world, other, room)
        for room in range(len(world.rooms))
    )
    return bool(shared_org) or shared_room
