"""Dutch words from OpenTaal: the spelling dictionary and the list of words made from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from weigh import Lexicon

from coalitions.language import fold

# Flags of the dictionary's affix file: what a noun has (plurals, diminutives, linking letters),
# what may begin or stand inside a compound, what may end one, and what stands in no other place.
NOUN: Final = frozenset(
    (
        "Za",
        "Zb",
        "Zc",
        "Zd",
        "Ze",
        "Zf",
        "Zh",
        "Zi",
        "Zm",
        "Zu",
        "Zx",
        "Ya",
        "Yb",
        "Yc",
        "Yd",
        "Ye",
        "Yf",
        "Yg",
        "Cc",
        "Cd",
        "Ch",
    )
)
FIRST: Final = frozenset(("Ca", "Cb"))
LAST: Final = "Cc"
ONLY_INSIDE: Final = "Cx"
FORBIDDEN: Final = "Fw"

Form = tuple[str, tuple[str, ...], str]


def _flags(text: str) -> tuple[str, ...]:
    return tuple(text[i : i + 2] for i in range(0, len(text), 2))


class Affixes:
    """The suffix rules of a Hunspell affix file with two-letter flags."""

    def __init__(self, path: Path) -> None:
        self._rules: defaultdict[str, list[tuple[str, str, tuple[str, ...], re.Pattern[str]]]]
        self._rules = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = line.split()
            header = len(fields) > 3 and fields[2] in "YN" and fields[3].isdigit()
            if len(fields) < 4 or fields[0] != "SFX" or header:
                continue
            ending, _, follow = fields[3].partition("/")
            condition = re.compile((fields[4] if len(fields) > 4 else ".") + r"\Z")
            strip = "" if fields[2] == "0" else fields[2]
            rule = (strip, "" if ending == "0" else ending, _flags(follow), condition)
            self._rules[fields[1]].append(rule)

    def forms(self, word: str, flags: tuple[str, ...]) -> Iterator[Form]:
        """The word and its suffixed forms, two suffixes deep: (form, flags, first suffix)."""
        yield word, flags, ""
        for flag in flags:
            for form, follow in self._apply(word, flag):
                yield form, follow, flag
                for second in follow:
                    for longer, last in self._apply(form, second):
                        yield longer, last, flag

    def _apply(self, word: str, flag: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for strip, ending, follow, condition in self._rules.get(flag, ()):
            if word.endswith(strip) and condition.search(word):
                yield word[: len(word) - len(strip)] + ending, follow


def read(dictionary: Path, wordlist: Path) -> Lexicon:
    """Words by what they can be, folded. Names and abbreviations are passed over."""
    lexicon = Lexicon("nl")
    affixes = Affixes(dictionary / "index.aff")
    for line in (dictionary / "index.dic").read_text(encoding="utf-8").splitlines():
        word, _, rest = line.split("\t")[0].strip().partition("/")
        flags = _flags(rest.split()[0]) if rest.strip() else ()
        if word.isalpha() and word.islower() and FORBIDDEN not in flags:
            for form in affixes.forms(word, flags):
                _add(lexicon, form, flags)
    for line in wordlist.read_text(encoding="utf-8").splitlines():
        if line.isalpha() and line.islower():
            lexicon.words.add(fold(line))
    lexicon.words |= lexicon.standing
    return lexicon


def _add(lexicon: Lexicon, entry: Form, base: tuple[str, ...]) -> None:
    form, flags, suffix = entry
    if not form.isalpha():
        return
    word = fold(form)
    if FIRST & set(flags):
        lexicon.first.add(word)
    if ONLY_INSIDE in flags:
        return
    lexicon.standing.add(word)
    if LAST in base or LAST in flags:
        lexicon.last.add(word)
    kinds = {flag[0] for flag in base} if not suffix else {suffix[0]}
    if (NOUN & set(base)) if not suffix else kinds & {"Z", "Y"}:
        lexicon.nouns.add(word)
    if "A" in kinds:
        lexicon.adjectives.add(word)
    if "V" in kinds:
        lexicon.verbs.add(word)
