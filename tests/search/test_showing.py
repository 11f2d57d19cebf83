"""What is marked of what was found: a concept's names in texts of their own language alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from coalitions.network.viewers import viewer_for
from knowledge.models import Concept, ConceptLabel
from search.inside import find_inside
from search.service import find
from search.showing import Shown
from tests import worlds
from tests.knowledge.makers import make_site
from tests.search.indexing import indexed

pytestmark = pytest.mark.django_db
ENGLISH = ("The child is of a kind that no kind word reaches.",)
DUTCH = ("Het kind en de opvang, en wat een child mag.",)


@pytest.fixture
def world() -> Any:
    make_site()
    concept = Concept.objects.create(code="child")
    for language, text in (("en", "child"), ("nl", "kind"), ("fr", "enfant")):
        ConceptLabel.objects.create(concept=concept, language=language, text=text, preferred=True)
    owner = worlds.make_organisation("Cedar")
    person = worlds.make_person(owner)
    place = worlds.make_workspace(worlds.make_coalition(owner))
    worlds.join(place, person, owner)
    documents = {
        code: worlds.make_document(
            place, owner, by=person, title=f"Report {code}", pages=pages, language=code
        )
        for code, pages in (("en", ENGLISH), ("nl", DUTCH))
    }
    indexed(*documents.values())
    return viewer_for(person), documents


def marked(item: Shown) -> set[str]:
    return {piece.text for piece in item.snippet.pieces if piece.marked}


def test_names_are_marked_in_their_own_language_and_words_everywhere(world: Any) -> None:
    viewer, documents = world
    found = {item.language: marked(item) for item in find(viewer, "child").items}
    assert found == {"en": {"child"}, "nl": {"kind", "child"}}
    found = {item.language: marked(item) for item in find(viewer, "kind").items}
    assert found == {"en": {"child", "kind"}, "nl": {"kind"}}
    found = {item.language: marked(item) for item in find(viewer, "enfant").items}
    assert found == {"en": {"child"}, "nl": {"kind"}}
    pages = find_inside(viewer, documents["en"], "enfant").show((1,))
    assert {p.text for page in pages for p in page.snippet.pieces if p.marked} == {"child"}


def test_parts_of_a_compound_are_marked_in_its_own_language(world: Any) -> None:
    viewer, _ = world
    found = {item.language: marked(item) for item in find(viewer, "kinderopvang").items}
    assert found["nl"] == {"kind", "opvang"}


def test_of_two_alike_the_one_in_the_readers_language_comes_first(world: Any) -> None:
    viewer, documents = world
    place, owner = documents["en"].workspace, documents["en"].owner
    indexed(
        *(
            worlds.make_document(place, owner, title="UNICEF", pages=("Nepal 2025",), language=code)
            for code in ("en", "nl", "fr")
        )
    )
    for code in ("fr", "en", "nl"):
        with translation.override(code):
            found = find(viewer, "nepal")
        assert next(item.language for item in found.items) == code
        assert found.query.locale == code
