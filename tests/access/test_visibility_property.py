"""Labels, visible_to and the prose are one: compared over random worlds, for every viewer.

Invariant under test (architecture, 1): for each thing and each viewer, `visible_to`, the
intersection of labels, and the oracle give the same answer.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coalitions.access import STRANGER, Viewer
from coalitions.documents.labels import document_labels
from coalitions.documents.linked import viewer_for_link
from coalitions.documents.models import Document
from coalitions.network.labels import (
    coalition_labels,
    organisation_labels,
    person_labels,
    programme_labels,
    workspace_labels,
)
from coalitions.network.models import Coalition, Organisation, Programme, Workspace
from coalitions.network.querysets import people_visible_to
from coalitions.network.viewers import SCOPES, viewer_for, viewer_for_token
from tests.access import oracle
from tests.access.random_worlds import Built, worlds

pytestmark = pytest.mark.django_db


def agree(
    things: Iterable[Any],
    found: Any,
    labels_of: Callable[[Any], frozenset[str]],
    viewer: Viewer,
    expected: Callable[[int], bool],
    about: str,
) -> None:
    """Compare the three answers for each of `things`; `expected` gets the thing's place."""
    seen = set(found.values_list("pk", flat=True))
    for place, thing in enumerate(things):
        answers = (thing.pk in seen, viewer.sees(labels_of(thing)), expected(place))
        assert len(set(answers)) == 1, f"{about} {place}: visible_to, labels, oracle = {answers}"


def check_viewer(world: oracle.World, built: Built, person: int | None) -> None:
    """Compare every kind of thing for one person, or for a stranger."""
    viewer = STRANGER if person is None else viewer_for(built.people[person])
    agree(
        built.papers,
        Document.objects.visible_to(viewer),
        document_labels,
        viewer,
        lambda n: oracle.person_sees_paper(world, person, world.papers[n]),
        "document",
    )
    agree(
        built.orgs,
        Organisation.objects.visible_to(viewer),
        organisation_labels,
        viewer,
        lambda n: oracle.person_sees_org(world, person, n),
        "organisation",
    )
    agree(
        built.alliances,
        Coalition.objects.visible_to(viewer),
        coalition_labels,
        viewer,
        lambda n: oracle.person_sees_alliance(world, person, n),
        "coalition",
    )
    agree(
        built.rooms,
        Workspace.objects.visible_to(viewer),
        workspace_labels,
        viewer,
        lambda n: oracle.person_sees_room(world, person, n),
        "workspace",
    )
    agree(
        built.lines,
        Programme.objects.visible_to(viewer),
        programme_labels,
        viewer,
        lambda n: oracle.person_sees_line(world, person, world.lines[n]),
        "programme",
    )
    agree(
        built.people,
        people_visible_to(viewer),
        person_labels,
        viewer,
        lambda n: oracle.person_sees_person(world, person, n),
        "person",
    )


def check_token(world: oracle.World, built: Built, token: oracle.Token) -> None:
    viewer = viewer_for_token(built.orgs[token.org], token.scopes, uuid4())
    agree(
        built.papers,
        Document.objects.visible_to(viewer),
        document_labels,
        viewer,
        lambda n: oracle.token_sees_paper(world, token, world.papers[n]),
        "document by token",
    )


def check_holders(world: oracle.World, built: Built) -> None:
    """Compare for the holder of each link: that document perhaps, and nothing else in the world."""
    for place, (paper, rows) in enumerate(zip(world.papers, built.links, strict=True)):
        for link, row in zip(paper.links, rows, strict=True):
            viewer = viewer_for_link(row)

            def expected(n: int, place: int = place, link: oracle.Link = link) -> bool:
                held = link if n == place else None
                return oracle.holder_sees_paper(world, world.papers[n], held)

            agree(
                built.papers,
                Document.objects.visible_to(viewer),
                document_labels,
                viewer,
                expected,
                "document by link",
            )
            assert not Organisation.objects.visible_to(viewer).exists()
            assert not Coalition.objects.visible_to(viewer).exists()
            assert not Workspace.objects.visible_to(viewer).exists()
            assert not people_visible_to(viewer).exists()


def check_world(world: oracle.World, scopes: set[str]) -> None:
    """Build, compare for everyone, and take it all back."""
    with transaction.atomic(), override_settings(LINKS_FOR_OUTSIDERS=world.links_allowed):
        built = Built(world)
        for person in (None, *range(len(world.people))):
            check_viewer(world, built, person)
        for org in range(len(world.orgs)):
            check_token(world, built, oracle.Token(org, scopes))
        check_holders(world, built)
        transaction.set_rollback(True)


WORLDS = given(worlds(), st.sets(st.sampled_from(SCOPES)))
# No shrinking: a world in the database takes long to make smaller, and the failing one is printed.
CALM = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


@settings(max_examples=60, **CALM)
@WORLDS
def test_labels_querysets_and_prose_agree(world: oracle.World, scopes: set[str]) -> None:
    check_world(world, scopes)


@pytest.mark.nightly
@settings(max_examples=3000, **CALM)
@WORLDS
def test_labels_querysets_and_prose_agree_at_length(world: oracle.World, scopes: set[str]) -> None:
    check_world(world, scopes)
