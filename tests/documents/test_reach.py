"""Who could see a document, in words; and words marked in a text."""

import pytest

from coalitions.access import Viewer
from coalitions.documents.marking import paragraphs, unwrapped, wanted_of
from coalitions.documents.permissions import neighbours
from coalitions.documents.reach import Reach
from coalitions.network.viewers import viewer_for
from tests import worlds
from tests.documents.conftest import World


def test_reach_counts_with_the_viewers_eyes(world: World) -> None:
    hidden = worlds.make_organisation(listed=False)
    partner = worlds.make_organisation(kind="partner")
    suspended = worlds.make_organisation()
    worlds.suspend(suspended)
    member = Reach(viewer_for(world.reader), world.workspace, world.owner)
    assert member.words("network") == "People of 4 organisations in 0 countries"
    outsider = worlds.make_person(partner)
    other = Reach(viewer_for(outsider), world.workspace, world.owner)
    assert other.words("network") == "People of 3 organisations in 0 countries"
    assert other.words("coalition") == "The organisations of its coalition"
    stranger = Reach(Viewer(), world.workspace, world.owner)
    assert stranger.words("network") == "The network"
    assert stranger.words("organisation") == world.owner.name
    assert Reach(Viewer(), world.workspace, hidden).words("organisation") == (
        "The organisation that owns it"
    )


def test_neighbours_of_a_rung(world: World) -> None:
    from coalitions.access import ladder_for

    ladder = ladder_for(need_to_know=False, in_coalition=True, child_data=False)
    assert neighbours("organisation", ladder) == (None, "workspace")
    assert neighbours("public", ladder) == ("network", None)
    sealed = ladder_for(need_to_know=True, in_coalition=True, child_data=True)
    assert neighbours("members", sealed) == (None, "workspace")
    assert neighbours("public", sealed) == ("members", None)


@pytest.mark.parametrize("query", ["", "child", '"of the child" rights', "\ud800", "x" * 999, '""'])
def test_marks_leave_the_text_as_it_is(query: str) -> None:
    text = "The rights\nof the child\n\nand <b>more</b> children"
    found, _ = paragraphs(text, "en", wanted_of(query))
    joined = "\n\n".join("".join(piece.text for piece in pieces) for pieces in found)
    assert joined == text


def test_lines_that_the_page_broke_are_rejoined() -> None:
    page = (
        "Card 35: The key\n"
        "In many houses there is a room that guests do not see, and the\n"
        "key is not in the book. It is lent to friends of the house, and to\n"
        "nobody else.\n"
        "1. The blue key stays on the hook until two people have signed it\n"
        "2. Any two people of the house may sign, and either may say no to\n"
        "the other."
    )
    assert unwrapped(page).split("\n") == [
        "Card 35: The key",
        "In many houses there is a room that guests do not see, and the key is not in the book. "
        "It is lent to friends of the house, and to nobody else.",
        "1. The blue key stays on the hook until two people have signed it",
        "2. Any two people of the house may sign, and either may say no to the other.",
    ]


def test_short_lines_stay_as_they_are() -> None:
    for text in ("", "one", "Girls 12\nBoys 11\nTotal 23", "\n\n"):
        assert unwrapped(text) == text
