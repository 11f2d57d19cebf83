"""Whatever the text: nothing raises, folding is stable, spans lie inside."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from coalitions.language import (
    LANGUAGES,
    MAX_TOKEN,
    analyse,
    analyses,
    clean,
    fold,
    guess_language,
    parts_with_spans,
    snippet,
    spans,
    tokens_with_spans,
)
from coalitions.language.characters import APOSTROPHES, NOISE, WORD

# Surrogates and controls included: text comes out of other people's files.
any_text = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=200)
language = st.sampled_from([*LANGUAGES, "", "th", "pt-br", "xx", None])


@given(any_text, language)
@example("İ\u0130ǰ", "en")
@example("ﷺ½①ﬁ", "ar")
@example("ـــ", "ar")
@example("l'", "fr")
def test_tokens_are_sound(text: str, code: str | None) -> None:
    last = 0
    for token in tokens_with_spans(text, code):
        assert 0 < len(token.text) <= MAX_TOKEN
        assert not any(char.isspace() for char in token.text)
        assert "\x00" not in token.text
        token.text.encode()
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= last
        last = token.start
        ascii_part = [c for c in token.text if c.isascii()]
        assert all(c.isalnum() and c == c.lower() for c in ascii_part)


@given(any_text)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert clean(clean(text)) == clean(text)
    fold(text).encode()
    clean(text).encode()


@given(any_text)
@example("o'clock l''eau a\u0301 a\u200db _a_b' \u0301x a\u0301\u00ad'b")
def test_words_are_letters_with_marks_and_apostrophes_before_letters(text: str) -> None:
    marks = {"Mn", "Mc", "Me", "Cf", "Cs"}
    found, word = [], ""
    for char, after in zip(text, f"{text[1:]} ", strict=False):
        letter = char.isalnum()
        inside = (unicodedata.category(char) in marks) or NOISE.fullmatch(char)
        if letter or (word and (inside or (char in APOSTROPHES and after.isalnum()))):
            word += char
        elif word:
            found.append(word)
            word = ""
    assert WORD.findall(text) == found + [word] * bool(word)


@given(any_text)
def test_plain_analysis_is_idempotent(text: str) -> None:
    # Pairs of scripts without spaces overlap, and would be cut again: they are left out.
    once = [token for token in analyse(text) if token.isascii()]
    assert analyse(" ".join(once)) == once


@given(any_text, any_text, language)
def test_marks_and_snippets_are_slices(text: str, query: str, code: str | None) -> None:
    wanted = analyses(query)
    last = 0
    for start, end in spans(text, code, wanted):
        assert last <= start < end <= len(text)
        last = end
    shown = snippet(text, code, wanted, size=40)
    assert shown.text in " ".join(clean(text).split())
    assert all(piece.text for piece in shown.pieces)


def _plainly(text: str, code: str | None, wanted: list[tuple[str, ...]]) -> list[tuple[int, int]]:
    """What `spans` finds, by looking at every token of the text."""
    tokens = list(tokens_with_spans(text, code))
    places = [
        (tokens[i].start, max(tokens[i].end, tokens[i + len(sequence) - 1].end))
        for sequence in wanted
        for i in range(len(tokens) - len(sequence) + 1)
        if sequence and all(tokens[i + k].text == part for k, part in enumerate(sequence))
    ]
    parts = parts_with_spans(text, code)
    places += [(part.start, part.end) for part in parts if (part.text,) in wanted]
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


_WORDS = (
    "l'enfant kinderrechten kinderrechtenverdrag rechten de x-ray children's a'b'c ' "
    "世界人权a ﬁﬁ ½ طفل ha\u0301t नि \u00ad " + "x" * 300
)
some_words = st.lists(st.sampled_from(_WORDS.split()), max_size=12).map(" ".join)
many_texts = st.one_of(any_text, some_words)


@given(many_texts, st.lists(many_texts, max_size=3), language, st.integers(0, 6), st.integers(1, 4))
@example("kinderrechten en rechten", ["rechten"], "nl", 0, 1)
def test_marks_stand_wherever_the_tokens_do(
    text: str, asked: list[str], code: str | None, first: int, length: int
) -> None:
    tokens = tuple(analyse(text, code))
    wanted = [s for one in asked for s in analyses(one)] + [tokens[first : first + length], ()]
    assert spans(text, code, wanted) == _plainly(text, code, wanted)


@given(any_text)
def test_guessing_never_raises(text: str) -> None:
    assert isinstance(guess_language(text), str)


@given(st.lists(any_text, max_size=4), language)
def test_a_text_is_found_by_its_own_words(parts: list[str], code: str | None) -> None:
    text = " ".join(parts)
    tokens = tuple(analyse(text, code))
    if tokens and code in LANGUAGES:
        assert tokens in analyses(text)
        assert spans(text, code, [tokens])
