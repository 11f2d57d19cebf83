"""German words from Wikidata's lexemes: every form as one list, and which of them are nouns.

The list tells no kinds but nouns: verbs and adjectives are told by the forms that stand beside
them ("schreibend" makes "schreiben" a verb).
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from weigh import Lexicon

from coalitions.language import fold

CASES: Final = ("", "e", "s", "es", "n", "en", "er", "ern", "nen", "se", "ses", "sen")
VERB: Final = ("", "e", "st", "est", "t", "et", "te", "ete", "ten", "eten", "test", "tet")
ADJECTIVE: Final = ("e", "er", "es", "em", "en")
PARTICIPLE: Final = tuple(f"{p}{a}" for p in ("end", "nd") for a in ("", *ADJECTIVE))
# A stem that is no word begins compounds when this many words tell so ("schul" in
# "schulbesuch", "trink" in "trinkwasser").
BEGINS: Final = 6
SHORTEST: Final = 3
ADJECTIVAL: Final = re.compile(r"(ig|lich|isch|bar|sam|haft)\Z")
INFLECTED: Final = re.compile(r"(e[mnrs]?|s)\Z")


def _lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line.isalpha()]


def read(package: Path) -> Lexicon:
    """Words by what they can be, folded. One-letter words and names of letters are passed over."""
    lexicon = Lexicon("de")
    lexicon.words = {fold(word) for word in _lines(package / "data" / "words.txt.gz")}
    lemmas = {
        fold(word)
        for word in _lines(package / "data" / "nouns.txt.gz")
        if len(word) >= SHORTEST and not word.isupper()
    }
    words = lexicon.words = {w for w in lexicon.words | lemmas if len(w) >= SHORTEST}
    words |= {f"{w}s" for w in lemmas if f"{w}es" in words}
    words |= {f"{w}es" for w in lemmas if w[-1] in "bdgkmptz" and f"{w}s" in words}
    words |= {f"{w}n" for w in lemmas if w[-1] == "e"}
    lexicon.nouns = {f for w in lemmas for case in CASES if (f := w + case) in words}
    stems = {w.removesuffix("en").removesuffix("n") for w in words if _infinitive(w, words)}
    words |= {f"{p}{e}" for p in _participles(words) for e in ADJECTIVE}
    lexicon.verbs = set(_verb_forms(stems, words)) - lexicon.nouns
    lexicon.adjectives = set(_adjectives(words, lexicon.nouns | lexicon.verbs))
    words |= lexicon.adjectives
    lexicon.standing = words
    lexicon.plain = set(_plain(words - lexicon.nouns, lexicon.adjectives))
    lexicon.first = set(_beginnings(lexicon, stems))
    return lexicon


def _infinitive(word: str, words: set[str]) -> bool:
    """Told by its participle, or by the weak forms that stand beside it."""
    if word[-1] != "n" or len(word) <= SHORTEST + 1:
        return False
    stem = word.removesuffix("en").removesuffix("n")
    weak = f"{stem}t" in words and f"{stem}te" in words
    return weak or f"{word}d" in words or (f"{stem}ung" in words and stem[-1] in "lr")


def _participles(words: set[str]) -> Iterator[str]:
    """Of the verbs without a separable particle ("abzugeben" tells of "abgeben" that it is one)."""
    for word in words:
        if _infinitive(word, words) and not any(
            f"{word[:i]}zu{word[i:]}" in words for i in range(2, len(word) - SHORTEST)
        ):
            yield f"{word}d"


def _verb_forms(stems: set[str], words: set[str]) -> Iterator[str]:
    for stem in stems:
        for ending in (*VERB, "en", "n", *PARTICIPLE):
            if (form := stem + ending) in words:
                yield form


def _adjectives(words: set[str], others: set[str]) -> Iterator[str]:
    """What ends many words and is no noun or verb, with the forms that lists leave out."""
    long = {w for w in words if len(w) > SHORTEST + 1 and not INFLECTED.search(w)}
    plain = {w for w in long if w not in others or ADJECTIVAL.search(w)}
    counts = Counter(w[i:] for w in plain for i in range(SHORTEST, len(w)) if w[i:] in plain)
    for word, count in counts.items():
        if count >= BEGINS:
            yield word
            yield from (word + ending for ending in ADJECTIVE)


def _plain(others: set[str], adjectives: set[str]) -> Iterator[str]:
    """Adjectives and verbs that no other such word ends: "pragmatisch" holds no "Tisch"."""
    for word in others - adjectives:
        tails = (word[i:] for i in range(SHORTEST, len(word) - SHORTEST))
        if not any(tail in others or tail in adjectives for tail in tails):
            yield word


def _beginnings(lexicon: Lexicon, stems: set[str]) -> Iterator[str]:
    """What no list shows by itself: nouns with s or without their last e, stems of verbs."""
    maybe = {w[:-1] for w in lexicon.nouns if w[-1] == "e" and len(w) > SHORTEST} | stems
    maybe |= {w.removesuffix("ung") for w in lexicon.nouns if len(w) > 6 and w.endswith("ung")}
    maybe |= {f"{stem}e" for stem in stems}
    maybe |= {f"{w}s" for w in maybe | lexicon.nouns if w[-1] != "s"}
    maybe = {w for w in maybe - lexicon.nouns if len(w) >= SHORTEST}
    counts: Counter[str] = Counter()
    for word in lexicon.nouns:
        for i in range(SHORTEST, len(word) - SHORTEST):
            if word[:i] in maybe and word[i:] in lexicon.nouns:
                counts[word[:i]] += 1
    return (word for word, count in counts.items() if count >= BEGINS)
