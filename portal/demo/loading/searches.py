"""Two saved searches: one with a mail every morning, one every Monday.

Invariant: they are saved after the index knows everything, so that nothing of it counts as new.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from portal.accounts.models import User
from portal.demo.network import DemoNetwork
from search.models import SavedSearch
from search.saved.acts import save_search
from search.saved.question import Question


class DemoSearch(NamedTuple):
    """Whose it is (a sign-in of the demonstration), what it asks and when it tells."""

    signin: str
    name: str
    question: Question
    frequency: str


SEARCHES: Final = (
    DemoSearch(
        "workspace-coordinator",
        "Hotels and transport",
        Question("hotel OR transport", {"kind": ("article", "document")}),
        "daily",
    ),
    DemoSearch(
        "arabic-reader",
        "احتجاز الأطفال",
        Question("احتجاز الأطفال", {"article": ("37",)}),
        "weekly",
    ),
)


def load_searches(network: DemoNetwork) -> None:
    """Save those that are missing."""
    people = {person.signin: person for person in network.people if person.signin}
    for search in SEARCHES:
        person = people[search.signin]
        owner = User.objects.get(email=person.email)
        if SavedSearch.objects.filter(owner=owner, digest=search.question.digest).exists():
            continue
        save_search(
            acting_user=owner,
            question=search.question,
            name=search.name,
            frequency=search.frequency,
            language=person.language,
        )
