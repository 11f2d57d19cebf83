"""What is recognised in a query, what is also looked for, and that edits count at once."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from coalitions.language import analyse
from knowledge.models import Concept, ConceptLabel
from knowledge.services.thesaurus import load_concepts
from search.concepts import (
    MAX_CONCEPTS,
    MAX_ECHOES,
    Thesaurus,
    suggest_labels,
    thesaurus,
)
from search.engines.base import Echo
from search.labels import content_words
from search.query import Parsed, parse
from tests.search.across import as_thesaurus, sources_read

ROWS = [
    ("tourism", "en", "sexual exploitation of children in travel and tourism", True),
    ("tourism", "en", "SECTT", False),
    ("tourism", "nl", "kindersekstoerisme", True),
    ("tourism", "ar", "استغلال الأطفال جنسيا في السفر والسياحة", True),
    ("exploitation", "en", "sexual exploitation of children", True),
    ("exploitation", "en", "child sexual exploitation", False),
    ("exploitation", "nl", "seksuele uitbuiting van kinderen", True),
    ("exploitation", "fr", "exploitation sexuelle des enfants", True),
    ("adoption", "en", "adoption", True),
    ("adoption", "fr", "adoption", True),
    ("adoption", "es", "adopción", True),
    ("adoption", "ar", "التبني", True),
    ("rights", "es", "derechos del niño", True),
    ("rights", "en", "rights of the child", True),
    ("girls", "es", "derechos de las niñas", True),
    ("girls", "en", "girls' rights", True),
    ("nationality", "es", "nacionalidad", True),
    ("nationality", "en", "nationality", True),
]
CONCEPTS = Thesaurus(ROWS)

# A compound is looked for as its parts too, with concepts or without.
PARTS = Echo((("kind",), ("seks",), ("toerism",)))


def ask(text: str, **options: object) -> Parsed:
    return parse(text, concepts=CONCEPTS, **options)  # type: ignore[arg-type]


def codes(text: str, **options: object) -> list[tuple[str, str]]:
    return [(found.typed, found.code) for found in ask(text, **options).also]


def echo(text: str, language: str) -> Echo:
    return Echo(content_words(text, language))


def test_a_word_is_also_looked_for_in_the_other_languages() -> None:
    parsed = ask("kindersekstoerisme")
    (found,) = parsed.also
    assert (found.code, found.typed) == ("tourism", "kindersekstoerisme")
    assert dict(found.labels)["ar"].startswith("استغلال")
    assert ("nl", "kindersekstoerisme") not in found.labels
    (clause,) = parsed.query.clauses
    labels = {echo(text, language) for language, text in found.labels}
    assert set(clause.echoes) == labels | {PARTS}
    assert parsed.query.echoes == clause.echoes


def test_echoes_hold_the_content_words_of_their_own_language() -> None:
    assert content_words("seksuele uitbuiting van kinderen", "nl") == tuple(
        (token,) for token in analyse("seksuele uitbuiting kinderen", "nl")
    )
    arabic = content_words("استغلال الأطفال جنسيا في السفر والسياحة", "ar")
    assert arabic == tuple((t,) for t in analyse("استغلال الأطفال جنسيا السفر والسياحة", "ar"))
    assert content_words("المصالحُ الفُضلى", "ar") == content_words("المصالح الفضلى", "ar")
    assert content_words("droit d'être entendu", "fr")[0] == ("droit",)
    assert content_words("crianças-soldado", "pt") == (tuple(analyse("crianças soldado", "pt")),)
    assert content_words("of the", "en") == ()


@pytest.mark.parametrize("dash", ["-", "–", "_", "‑"])
def test_dashes_between_the_words_of_a_name_do_not_matter(dash: str) -> None:
    spaced = ask("sexual exploitation of children")
    dashed = ask(f"sexual{dash}exploitation of{dash}children")
    assert dashed.query == spaced.query
    assert [found.code for found in dashed.also] == ["exploitation"]
    either = ask(f"shelter OR sexual{dash}exploitation{dash}of{dash}children")
    assert [found.code for found in either.also] == ["exploitation"]


def test_the_longest_label_wins() -> None:
    long = "sexual exploitation of children in travel and tourism"
    assert codes(f"report on the {long} in Nepal") == [(long, "tourism")]
    assert codes("sexual exploitation of children in tourism") == [
        ("sexual exploitation of children", "exploitation")
    ]


def test_every_clause_of_the_words_that_were_recognised_has_the_echoes() -> None:
    query = ask("Nepal exploitation sexuelle d'enfants Bangladesh").query
    assert [bool(clause.echoes) for clause in query.clauses] == [False, True, True, True, False]
    assert query.clauses[1].echoes == query.clauses[2].echoes == query.clauses[3].echoes
    assert echo("seksuele uitbuiting van kinderen", "nl") in query.clauses[1].echoes


def test_inflections_case_and_accents_do_not_matter() -> None:
    assert codes("ADOPTIONS") == [("ADOPTIONS", "adoption")]
    assert codes("adopcion") == [("adopcion", "adoption")]
    assert codes("استغلالُ الاطفال جنسياً في السفر و السياحة")[0][1] == "tourism"


ARABIC = Thesaurus(
    [
        ("punishment", "ar", "العقوبة البدنية", True),
        ("punishment", "en", "corporal punishment", True),
        ("protection", "ar", "حماية بدنية", True),
        ("protection", "en", "physical protection", True),
        ("adoption", "ar", "التبني", True),
        ("adoption", "en", "adoption", True),
        ("environment", "ar", "البيئة", True),
        ("environment", "en", "environment", True),
        ("parents", "ar", "دعم الوالدين", True),
        ("parents", "en", "parental support", True),
        ("blackmail", "ar", "الابتزاز الإلكتروني", True),
        ("blackmail", "en", "online blackmail", True),
    ]
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("العقوبة البدنية", "punishment"),
        ("عقوبة بدنية", "punishment"),
        ("وعقوبة بدنية", "punishment"),
        ("بعقوبة بدنية", "punishment"),
        ("عقوبة وبدنية", "punishment"),
        ("للعقوبة البدنية", "punishment"),
        ("والعقوبات البدنية", "punishment"),
        ("حماية بدنية", "protection"),
        ("الحماية البدنية", "protection"),
        ("وبالحماية البدنية", "protection"),
        ("تبني", "adoption"),
        ("وبالتبني", "adoption"),
        ("بيئة", "environment"),
        ("وبيئة", "environment"),
        ("دعم والدين", "parents"),
        ("ابتزاز إلكتروني", "blackmail"),
    ],
)
def test_arabic_names_are_known_with_and_without_article_and_particles(
    text: str, code: str
) -> None:
    parsed = parse(f"تقرير {text}", concepts=ARABIC)
    assert [(found.code, found.typed) for found in parsed.also] == [(code, text)]
    # What is written with the article is found where its beginning was misread without.
    if text == "عقوبة بدنية":
        assert Echo((("عقوب",), ("بدن",))) in parsed.query.echoes


def test_every_arabic_name_that_comes_with_the_portal_is_known_without_its_articles() -> None:
    sources = sources_read()
    concepts = as_thesaurus(sources)
    bare = {
        (source.code, " ".join(re.sub(r"^(و?)ال(?=\w{2})", r"\1", w) for w in name.split()))
        for source in sources
        for name in source.labels["ar"]
    }
    assert len(bare) > 500
    assert not [
        (code, text)
        for code, text in bare
        if code not in {found.code for found in parse(text, concepts=concepts).also}
    ]


def test_an_arabic_name_is_not_known_by_a_part_or_by_another_word() -> None:
    for text in ("بدنية", "عقوبة مالية", "بيت", "البناء", "دنيا"):
        assert parse(text, concepts=ARABIC).also == ()


def test_a_stem_that_is_shared_by_chance_is_not_enough() -> None:
    assert codes("plan nacional") == []
    assert codes("nacionalidad") == [("nacionalidad", "nationality")]


def test_of_concepts_with_one_stem_the_one_that_was_typed() -> None:
    assert codes("derechos del niño") == [("derechos del niño", "rights")]
    assert codes("derechos de las niñas") == [("derechos de las niñas", "girls")]
    assert {code for _, code in codes("derecho niñas")} == {"rights", "girls"}


def test_both_genders_are_one_word() -> None:
    rows = [
        ("a", "es", "explotación sexual de niñas y niños en viajes", True),
        ("a", "en", "exploitation of children in travel", True),
    ]
    concepts = Thesaurus(rows)
    for text in ("niñas y niños", "niños y niñas", "niños", "las niñas"):
        typed = f"explotación sexual de {text} en viajes"
        assert [found.typed for found in parse(typed, concepts=concepts).also] == [typed]
    found = parse("exploitation of children in travel", concepts=concepts).query.echoes
    assert found == (Echo(tuple((w,) for w in analyse("explotación sexual niños viajes", "es"))),)


@pytest.mark.parametrize(
    "text",
    [
        '"kindersekstoerisme"',
        '"sexual exploitation of children"',
        "-kindersekstoerisme Nepal",
        'sexual "exploitation" of children',
        "sexual exploitation -Nepal of children",
        "sexual exploitation OR children",
        "exploitation",
        "",
        "OR",
        "of the",
    ],
)
def test_phrases_exclusions_and_halves_are_not_expanded(text: str) -> None:
    parsed = ask(text)
    assert parsed.also == ()
    assert parsed.query == parse(text).query


def test_alternatives_are_expanded_each() -> None:
    parsed = ask("shelter OR adoption OR kindersekstoerisme")
    assert [found.code for found in parsed.also] == ["adoption", "tourism"]
    (clause,) = parsed.query.clauses
    assert echo("adopción", "es") in clause.echoes
    assert echo("SECTT", "en") in clause.echoes
    parsed = ask("adoption OR sexual exploitation of children")
    assert [bool(clause.echoes) for clause in parsed.query.clauses] == [True] * 4


def test_labels_that_would_find_nothing_new_are_left_out() -> None:
    assert dict(ask("adoption").also[0].labels) == {"es": "adopción", "ar": "التبني"}
    # Whoever types less is not told that more words were searched.
    rows = [("a", "en", "trafficking", True), ("a", "en", "human trafficking", False)]
    assert parse("trafficking", concepts=Thesaurus(rows)).also == ()
    assert parse("human trafficking", concepts=Thesaurus(rows)).also[0].labels == (
        ("en", "trafficking"),
    )


def test_a_language_chosen_leaves_labels_of_that_language_alone() -> None:
    (found,) = ask("kindersekstoerisme", filters={"language": ["ar"]}).also
    assert {language for language, _ in found.labels} == {"ar"}
    assert ask("kindersekstoerisme", filters={"language": ["th"]}).also == ()


def test_switched_off_nothing_is_added() -> None:
    assert parse("kindersekstoerisme").also == ()
    assert parse("kindersekstoerisme").query.echoes == (PARTS,)


def test_a_word_typed_twice_is_one_clause_with_all_echoes() -> None:
    query = ask('adoption "x y" adoption').query
    assert len(query.clauses) == 2
    assert query.clauses[0].echoes


def test_there_is_a_limit_and_preferred_labels_come_first() -> None:
    rows = [
        (f"c{number}", "en", f"word{number}" if not n else f"other{number}x{n}", n == 0)
        for number in range(MAX_CONCEPTS + 2)
        for n in range(40)
    ] + [(f"c{number}", "fr", f"mot{number}", True) for number in range(MAX_CONCEPTS + 2)]
    words = " ".join(f"word{number}" for number in range(MAX_CONCEPTS + 2))
    parsed = parse(words, concepts=Thesaurus(rows))
    assert len(parsed.also) == MAX_CONCEPTS
    assert len(parsed.query.echoes) == MAX_ECHOES
    assert all(found.labels[0][0] == "fr" for found in parsed.also)
    assert max(len(found.labels) for found in parsed.also) == MAX_ECHOES // MAX_CONCEPTS


def test_suggestions_are_of_the_readers_language_first_and_one_per_concept() -> None:
    assert CONCEPTS.suggest("KINDERSEKS", "nl", 5) == [("kindersekstoerisme", "nl", "tourism")]
    assert [code for *_, code in CONCEPTS.suggest("explo", "fr", 5)] == ["exploitation", "tourism"]
    assert CONCEPTS.suggest("explo", "fr", 5)[0][:2] == ("exploitation sexuelle des enfants", "fr")
    assert CONCEPTS.suggest("children sexual tour", "nl", 5)[0][2] == "tourism"
    assert CONCEPTS.suggest("adopcion", "en", 5) == [("adopción", "es", "adoption")]
    assert len(CONCEPTS.suggest("a", "en", 1)) == 1
    for nothing in ("", "  ", "!", "zzz", "x" * 1000):
        assert CONCEPTS.suggest(nothing, "en", 5) == []
    assert CONCEPTS.suggest("a", "en", 0) == []


TYPED = st.lists(
    st.sampled_from([*(text for _, _, text, _ in ROWS), "OR", '"', "-", "of", "الطفل", "x"])
    | st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60),
    max_size=8,
).map(" ".join)


@given(TYPED, st.sampled_from(["en", "fr", "ar", "th", ""]))
def test_whatever_is_typed_is_only_widened(text: str, language: str) -> None:
    plain, parsed = parse(text), ask(text)
    assert [c.terms for c in parsed.query.clauses] == [c.terms for c in plain.query.clauses]
    assert parsed.query.exclusions == plain.query.exclusions
    assert len(parsed.query.echoes) <= MAX_ECHOES
    assert bool(parsed.also) >= bool(parsed.query.echoes)
    assert len(CONCEPTS.suggest(text, language, 3)) <= 3
    for code in ("en", "nl", "fr", "es", "ar", language):
        assert all(word and all(word) for word in content_words(text, code))


# The table -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_edit_counts_at_the_next_search() -> None:
    concept = Concept.objects.create(code="marriage")
    for language, text in (("en", "child marriage"), ("nl", "kindhuwelijk")):
        ConceptLabel.objects.create(concept=concept, language=language, text=text, preferred=True)

    def also() -> tuple[tuple[str, str], ...]:
        found = parse("child marriage", concepts=thesaurus()).also
        return found[0].labels if found else ()

    assert also() == (("nl", "kindhuwelijk"),)
    concept.labels.filter(language="nl").update(text="kinderhuwelijk", key="kinderhuwelijk")
    assert also() == (("nl", "kinderhuwelijk"),)
    ConceptLabel.objects.create(concept=concept, language="fr", text="mariage d'enfants")
    assert dict(also())["fr"] == "mariage d'enfants"
    assert suggest_labels("kinderh", "nl") == [("kinderhuwelijk", "nl", "marriage")]
    concept.delete()
    assert also() == ()
    assert suggest_labels("kinderh", "nl") == []


@pytest.mark.django_db
def test_what_is_remembered_costs_one_small_query() -> None:
    load_concepts()
    thesaurus()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = parse("turismo sexual infantil", concepts=thesaurus()).also
    assert len(asked) == 1
    assert "stamp" in asked[0]["sql"]
    assert ("nl", "kindersekstoerisme") in found[0].labels
