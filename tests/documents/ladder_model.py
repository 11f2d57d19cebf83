"""Who sees one document, said from the prose: its ladder, ends, child data, links, leaving.

Imports nothing of the product. Times are whole days from the beginning. The document belongs to
Owner and lies in an open workspace of a coalition of Lead, Owner and Partner.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LADDER = ("organisation", "workspace", "coalition", "network", "public")
OWNERS = frozenset({"admin", "deputy", "inside", "colleague"})
OTHERS = frozenset({"coordinator", "lead_admin", "partner", "partner_admin"})
MEMBERS = frozenset({"coordinator", "partner"})
# Of another section, of an organisation of kind partner, and without an account.
FAR = ("outsider", "guest", "stranger")
EVERYBODY = (*sorted(OWNERS), *sorted(OTHERS), *FAR)


def height(rung: str) -> int:
    return LADDER.index(rung)


@dataclass
class Link:
    """For outsiders. `until`: the day on which it is over."""

    until: int
    left: int
    ended: bool = False


@dataclass
class Request:
    person: str
    rung: str
    since: int
    answer: str = ""


@dataclass
class Model:
    """`course`: from which day on which rung, the first of them in force."""

    rule: str
    course: list[tuple[int, str]]
    day: int = 0
    child_data: bool = False
    trashed: bool = False
    in_coalition: bool = True
    moved: bool = False
    suspended: bool = False
    inside_placed: bool = True
    links: list[Link] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    # Questions --------------------------------------------------------------------------------
    @property
    def rung(self) -> str:
        return self.course[0][1]

    def owners(self) -> frozenset[str]:
        return frozenset() if self.suspended else OWNERS

    def members(self) -> frozenset[str]:
        inside = frozenset({"inside"} if self.inside_placed else ()) & self.owners()
        return inside if self.moved else MEMBERS | inside

    def would_see(self) -> frozenset[str]:
        """Who sees it, were it not in the trash."""
        up = height(self.rung)
        seen = self.owners()
        if up >= 1:
            seen |= self.members()
        if self.child_data:
            return seen
        if up >= 2 and not self.moved:
            seen |= OTHERS | (self.owners() if self.in_coalition else frozenset())
        if up >= 3:
            seen |= OTHERS | {"outsider"}
        return frozenset(EVERYBODY) if up >= 4 else seen

    def sees(self) -> frozenset[str]:
        return frozenset() if self.trashed else self.would_see()

    @property
    def in_care(self) -> bool:
        """It stayed when its owner left, and is shared with others."""
        return not self.moved and not self.in_coalition and self.rung != "organisation"

    def deciders(self) -> frozenset[str]:
        who = {"lead_admin", "coordinator"} if self.in_care else {"admin", "deputy"} & self.owners()
        return frozenset(who) & self.sees()

    def as_owner(self) -> frozenset[str]:
        return frozenset() if self.in_care else self.deciders()

    def ladder(self) -> list[str]:
        rungs = [rung for rung in LADDER if not (self.moved and rung == "coalition")]
        if self.child_data:
            rungs = rungs[:2]
        if self.in_care:
            rungs = [r for r in rungs if 1 <= height(r) <= height(self.rung)]
        return rungs

    def opens(self, link: Link) -> bool:
        """Whether the link shows the document."""
        return (
            not link.ended
            and self.day < link.until
            and link.left > 0
            and not (self.trashed or self.child_data or self.suspended or self.in_care)
        )

    def is_open(self, request: Request) -> bool:
        return not request.answer

    # Acts -------------------------------------------------------------------------------------
    def _stand(self, course: list[tuple[int, str]]) -> None:
        """Another course from today on: what it says of links and of what was asked."""
        before = self.rung
        self.course = course
        if height(self.rung) < height(before):
            self.end_links()
            self._overtake()
        else:
            for link in self.links:
                if len(course) > 1:
                    link.until = min(link.until, course[1][0])
            for request in self.requests:
                if self.is_open(request) and height(request.rung) <= height(self.rung):
                    request.answer = "granted"

    def end_links(self) -> None:
        for link in self.links:
            link.ended = True

    def _overtake(self) -> None:
        for request in self.requests:
            request.answer = request.answer or "overtaken"

    def share(self, rung: str, until: int | None) -> bool:
        """On `rung` from today on, at most until a day; False where that cannot be."""
        further, ahead = height(rung) > height(self.rung), self.course[1:]
        if rung not in self.ladder():
            return False
        if until is not None and not (further or (rung == self.rung and ahead)):
            return False
        if until is None:
            # A step back keeps the ends that lead further back.
            back = not further and rung != self.rung
            kept = [step for step in ahead if height(step[1]) < height(rung)] if back else []
            self._stand([(self.day, rung), *kept])
            return True
        # For a time: then what would be so without it.
        beneath = ahead if rung == self.rung else self.course
        past = [step for step in beneath if step[0] <= until] or beneath[:1]
        later = [step for step in beneath if step[0] > until and step is not past[-1]]
        self._stand([(self.day, rung), (until, past[-1][1]), *later])
        return True

    def seal(self) -> None:
        """Child data: no further than the workspace, no links, nothing asked any more."""
        if self.child_data:
            return
        course: list[tuple[int, str]] = []
        for since, rung in self.course:
            kept = LADDER[min(height(rung), 1)]
            if not course or course[-1][1] != kept:
                course.append((since, kept))
        self.course, self.child_data = course, True
        self.end_links()
        self._overtake()

    def pass_a_day(self) -> None:
        self.day += 1
        while len(self.course) > 1 and self.course[1][0] <= self.day:
            since = self.course[1][0]
            self.course = self.course[1:]
            for request in self.requests:
                if self.is_open(request) and request.since < since:
                    request.answer = "overtaken"

    def leave(self) -> None:
        """What the owner alone sees for good goes under either rule."""
        self.in_coalition = False
        if self.moved:
            # It went at an earlier leaving, and lies in a workspace of the owner's own.
            return
        self.end_links()
        self._overtake()
        if self.rule == "go" or self.course[-1][1] == "organisation":
            self.moved, self.course = True, [(self.day, "organisation")]
        else:
            self.inside_placed = False
