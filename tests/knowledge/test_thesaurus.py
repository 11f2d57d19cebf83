"""The concepts that come with the portal: whole, loaded once, and staff's changes kept."""

from pathlib import Path

import pytest

from coalitions.network.models import AuditEntry
from knowledge.models import Concept, ConceptLabel
from knowledge.services.concepts import change_concept, delete_concept
from knowledge.services.thesaurus import (
    ConceptFileError,
    ConceptSource,
    load_concepts,
    read_concepts,
)
from tests.knowledge.makers import make_staff

LANGUAGES = ("en", "nl", "fr", "es", "ar")


def marriage(**more: tuple[str, ...]) -> ConceptSource:
    labels = {"en": ("child marriage", "early marriage"), "nl": ("kindhuwelijk",)}
    return ConceptSource("child-marriage", labels | more, broader="harmful-practices")


def harmful() -> ConceptSource:
    return ConceptSource("harmful-practices", {"en": ("harmful practices",)})


def test_the_files_hold_the_field_in_five_languages() -> None:
    concepts = read_concepts()
    assert len(concepts) >= 160
    for concept in concepts:
        assert all(concept.labels.get(language) for language in LANGUAGES), concept.code
    named = {c.code: c.labels for c in concepts}["travel-and-tourism"]
    assert "kindersekstoerisme" in named["nl"]
    assert "SECTT" in named["en"]
    assert "explotación sexual de niños en viajes y turismo" in named["es"]


def test_no_two_concepts_share_a_preferred_label() -> None:
    seen: dict[tuple[str, str], str] = {}
    for concept in read_concepts():
        for language, texts in concept.labels.items():
            assert seen.setdefault((language, texts[0].casefold()), concept.code) == concept.code


def test_loading_twice_changes_nothing() -> None:
    added = load_concepts()
    assert added == ConceptLabel.objects.count() > 3_000
    assert Concept.objects.count() == len(read_concepts())
    assert load_concepts() == 0
    assert AuditEntry.objects.filter(verb="concepts.loaded").count() == 1
    tourism = Concept.objects.get(code="travel-and-tourism")
    assert tourism.broader == Concept.objects.get(code="sexual-exploitation-of-children")
    assert tourism.labels.filter(language="nl").first().text == "kindersekstoerisme"


def test_what_staff_changed_stays() -> None:
    load_concepts([marriage(), harmful()])
    staff = make_staff()
    concept = Concept.objects.get(code="child-marriage")
    change_concept(
        acting_user=staff,
        concept=concept,
        labels={"en": ["marriage of children", "child marriage"], "nl": []},
    )
    delete_concept(acting_user=staff, concept=Concept.objects.get(code="harmful-practices"))
    newer = marriage(nl=("kindhuwelijk", "kinderhuwelijk"), fr=("mariage d'enfants",))
    assert load_concepts([newer, harmful()]) == 2
    assert Concept.objects.get().labels_by_language() == {
        "en": ["marriage of children", "child marriage"],
        "nl": ["kinderhuwelijk"],
        "fr": ["mariage d'enfants"],
    }
    assert Concept.objects.get().broader is None


def test_a_concept_that_staff_made_is_joined_and_not_renamed() -> None:
    mine = Concept.objects.create(code="child-marriage", note="Ours")
    ConceptLabel.objects.create(concept=mine, language="en", text="Marriages", preferred=True)
    load_concepts([marriage(), harmful()])
    kept = Concept.objects.get(code="child-marriage")
    assert kept.note == "Ours"
    assert kept.labels_by_language()["en"] == ["Marriages", "child marriage", "early marriage"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- en: [label]", "without a code"),
        ("- {code: a, en: [label]}\n- {code: a, en: [label]}", "stands twice"),
        ("- {code: a, en: label}", "no list of labels"),
        ("- {code: a, tlh: [label]}", "no list of labels"),
        ("- {code: a, en: [Label, label]}", "stands here twice"),
        ("- {code: a}", "has no label"),
        ("- {code: a, en: [label], broader: b}", "no broader b"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConceptFileError, match=says):
        read_concepts(tmp_path)
