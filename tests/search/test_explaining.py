"""`search_explain` says why an answer is as it is, and nothing of what the person may not see."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from coalitions.documents.models import Document
from coalitions.network.models import Organisation
from coalitions.network.viewers import viewer_for
from knowledge.models import Concept, ConceptLabel
from search.explaining import Explanation
from search.service import find
from tests import worlds
from tests.knowledge.makers import make_site
from tests.search.test_inside import indexed

pytestmark = pytest.mark.django_db
PAGES = ("The beginning.", "Juvenile shelters by the river, and juvenile courts.", "The end.")


def explain(words: str, email: str | None = None, *arguments: str) -> str:
    out = StringIO()
    call_command(
        "search_explain", words, *(("--as", email) if email else ()), *arguments, stdout=out
    )
    return out.getvalue()


@pytest.fixture
def member() -> Any:
    make_site()
    owner = worlds.make_organisation("Cedar")
    person = worlds.make_person(owner, email="reader@example.org")
    place = worlds.make_workspace(worlds.make_coalition(owner))
    worlds.join(place, person, owner)
    report = worlds.make_document(place, owner, by=person, title="On shelters", pages=PAGES)
    # Whom the member knows of, but not what they have.
    worlds.make_organisation("Harbour")
    indexed(report, worlds.make_document(place, owner, by=person, title="Other", pages=("Court.",)))
    return person


def hide(*pages: str) -> Document:
    """A document of people who have nothing to do with the member."""
    owner = Organisation.objects.get(names__en="Harbour")
    place = worlds.make_workspace(worlds.make_coalition(owner))
    hidden = worlds.make_document(place, owner, title="Juvenile hideaway", pages=pages)
    indexed(hidden)
    return hidden


def test_says_how_words_were_read_and_what_each_hit_holds(member: Any) -> None:
    said = explain("the juvenile shelter -police", member.email)
    assert "Engine: embedded\n" in said
    assert "the: does not count (function word)" in said
    assert "juvenil" in said
    assert "not polic" in said
    assert "1. On shelters (document" in said
    assert "page 2" in said
    lines = said.splitlines()
    (juvenile,) = [line for line in lines if "juvenil" in line and line.endswith("text 2")]
    (shelter,) = [line for line in lines if "shelter" in line and line.endswith("title 1, text 1")]
    assert all(float(line.split()[0]) > 0 for line in (juvenile, shelter))
    assert any(line.strip().endswith("neighbours juvenil shelter: text 1") for line in lines)


def test_says_other_names_and_the_title(member: Any) -> None:
    concept = Concept.objects.create(code="refuge")
    for language, text in (("en", "shelter"), ("nl", "opvanghuis")):
        ConceptLabel.objects.create(concept=concept, language=language, text=text, preferred=True)
    said = explain("opvanghuis", member.email)
    assert "also searched for opvanghuis (refuge): shelter (en)" in said
    assert "other name shelter: title 1" in said
    assert "its title is the query" in explain("on shelters", member.email)


def without_scores(said: str) -> list[str]:
    """What is said, without the numbers that rest on all records."""
    lines = [re.sub(r": \d[\d.e-]*$", ":", line) for line in said.splitlines()]
    return [re.sub(r"^     \d[\d.e-]*  ", "     ", line) for line in lines]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("words", ["shelter", "shelter river", "juvenile shelter river", "absent"])
def test_the_hits_are_those_of_the_answer_in_its_order(
    member: Any, words: str, language: str
) -> None:
    member.language = language
    member.save()
    owner = Organisation.objects.get(names__en="Cedar")
    place = Document.objects.filter(title="On shelters").get().workspace
    now = datetime.now(tz=UTC)
    indexed(
        *(
            worlds.make_document(
                place,
                owner,
                by=member,
                title=f"Report {n}",
                pages=("shelter " * (n % 4) + "beside the river " * (n % 3) + "more text " * n,),
                language=("en", "nl", "fr")[n % 3],
                date=(now - timedelta(days=100 * n)).date(),
            )
            for n in range(20)
        )
    )
    with translation.override(language):
        explanation = Explanation(viewer_for(member), words, 10)
        found = find(viewer_for(member), words, size=10)
    assert [item.ref for item, _, _ in explanation.hits] == [item.ref for item in found.items]
    for part in found.items[: found.results.exact], found.items[found.results.exact :]:
        scores = [explanation.scores[item.ref] for item in part]
        assert scores == sorted(scores, reverse=True)
    said = re.findall(r"(?m)^\d+\. (.*) \(document", explain(words, member.email, "--limit", "10"))
    assert said == [item.title for item in found.items]


@pytest.mark.parametrize("words", ["juvenile shelter", "hideaway", "juvenile court", '"the end"'])
def test_hidden_things_change_nothing(member: Any, words: str) -> None:
    before, strangers = explain(words, member.email), explain(words)
    hidden = hide("Juvenile shelters, courts, a hideaway: the end.", "juvenile juvenile juvenile")
    after = explain(words, member.email)
    assert without_scores(after) == without_scores(before)
    assert explain(words) == strangers
    assert str(hidden.uuid) not in after
    hidden.audiences.all().delete()
    indexed(hidden)
    assert (explain(words, member.email), explain(words)) == (before, strangers)


def test_what_the_index_still_proposes_is_not_told(member: Any) -> None:
    assert "On shelters" in explain("shelter", member.email)
    Document.objects.filter(title="On shelters").update(trashed="2026-01-01T00:00:00Z")
    said = explain("shelter", member.email)
    assert "On shelters" not in said


def test_an_unknown_address_is_one_clear_line() -> None:
    with pytest.raises(CommandError, match="No account has the address nobody@example"):
        explain("shelter", "nobody@example.org")
    assert "Found: 0" in explain("shelter\0 " + "x" * 900)
    assert "Found: 0" in explain("")
