"""What Snowball needs to hear about a folded word, and what it leaves apart.

Folding comes before stemming, so that people who type no accents lose nothing; but the stemmers of
the Romance languages tell endings by their accents. `prepared` puts back those that an ending
gives away, brings plurals that the stemmers miss to their singular, and names irregular forms;
`joined` makes one of stems that belong together.

Invariant: pure, never empty for a word that is not empty, and the same for every form of a text:
what is done to one form of a word is done wherever it stands.
"""

from __future__ import annotations

import re
from typing import Final

from coalitions.language.irregular import KNOWN

Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*pairs: tuple[str, str]) -> Rules:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in pairs)


# Dutch words whose last s is their own, which Snowball takes for a plural's; given their plural
# they keep it. The second list holds for compounds too.
_OWN_S: Final = (
    r"\A(?:(?:mede)?mens|seks|wens|arts|pers|reeks|prins|dans|vers|gids|lens|koorts|impuls|gans"
    r"|glans|flits|stimulans|tendens|concours|respons|krans|schaats|kans|koers|spits|rots|heks"
    r"|kaars|kers|schans|muts|schets|spons|loods|hars)\Z"
    r"|(?:grens|plaats|fonds|korps|fiets|balans|(?:huis|tand|dieren)arts|toets|beurs|laars|mars)\Z"
)

# Of each group, only the first rule that fits is used.
_ENDINGS: Final[dict[str, tuple[Rules, ...]]] = {
    "es": (
        _rules(
            (r"(?<=\w)iones\Z", "ion"),
            (r"(?<=\w\w)(en|an|ad|ed|or|al|ar|es|on)es\Z", r"\1"),
            (r"(?<=\w\w[aeo])s\Z", ""),
        ),
    ),
    "pt": (
        _rules(
            (r"(?<=\w)oes\Z", "ao"),
            (r"(?<=\w\w)(aos|aes)\Z", "ao"),
            (r"(?<=\w)ais\Z", "al"),
            (r"(?<=[pvtmnd])eis\Z", "el"),
            (r"(?<=\w)ois\Z", "ol"),
            (r"(?<=\w[aeiou])ns\Z", "m"),
            (r"(?<=\w[aeiou])(z|r)es\Z", r"\1"),
            (r"(?<=\w\w[aeou])s\Z", ""),
        ),
    ),
    "fr": (
        _rules((r"(?<=\w\w[bcdefghklmnoprtuv])s\Z", "")),
        _rules(
            (r"(?<=\w\w\w)ee\Z", "e"),
            (r"(?<=\w)iere\Z", "ier"),
            (r"(?<=\w)(oi|ai)se\Z", r"\1s"),
        ),
    ),
    "de": (_rules((r"(?<=\w\w[ay]|\w[^l]o)s\Z", "")),),
    "nl": (
        _rules(
            (_OWN_S, r"\g<0>en"),
            (r"(?<=\w)(ie|ee)en\Z", r"\1"),
            (r"(?<=\w\w)ies\Z", "ie"),
            (r"(?<=\w\w)(en|je|eau)s\Z", r"\1"),
            (r"(?<=\w\w)enen\Z", "ene"),
            (r"(?<=\w\w[bdfgklmnptvxz])es\Z", "e"),
        ),
    ),
    "en": (
        _rules(
            (r"(?<=\w\w\w)isation(s?)\Z", r"ization\1"),
            (r"(?<=[a-z][nlrtdm])is(es|ed|ing|er|ers|e)\Z", r"iz\1"),
            (r"(?<=\w)ys(es|ed|ing|e)\Z", r"yz\1"),
        ),
    ),
}
_ACCENTS: Final[dict[str, Rules]] = {
    "es": _rules((r"cion\Z", "ción"), (r"sion\Z", "sión"), (r"logias?\Z", "logía")),
    "pt": _rules(
        (r"cao\Z", "ção"),
        (r"ao\Z", "ão"),
        (r"aria\Z", "ária"),
        (r"avel\Z", "ável"),
        (r"ivel\Z", "ível"),
        (r"ancia(s?)\Z", r"ância\1"),
        (r"encia(s?)\Z", r"ência\1"),
    ),
    "fr": _rules((r"ite\Z", "ité")),
}

_STEMS: Final[dict[str, Rules]] = {
    "fr": _rules(
        (r"(?<=\w)if\Z", "iv"),
        (r"(?<=\w\w\w)iqu\Z", "ic"),
        (r"(?<=\w\w\w)eu[rx]\Z", "eu"),
    ),
    "de": _rules((r"(?<=\w\w)inn\Z", "in")),
    "pt": _rules((r"(?<=\w\w\w)i\Z", "")),
    "nl": _rules(
        (r"(?<=\w\w)v\Z", "f"),
        (r"(?<=\w\w)z\Z", "s"),
        (r"(?<=\w)([bdfgklmnprst])\1\Z", r"\1"),
    ),
}


def prepared(word: str, language: str) -> str:
    """The form of a folded word that its stemmer is given."""
    known = KNOWN.get(language, {}).get(word)
    if known is not None:
        word = known
    else:
        for group in _ENDINGS.get(language, ()):
            word = _first(word, group)
    return _first(word, _ACCENTS.get(language, ()))


def joined(stem: str, language: str) -> str:
    """The stem that stands for all that belong together."""
    return _first(stem, _STEMS.get(language, ()))


def _first(word: str, rules: Rules) -> str:
    for pattern, replacement in rules:
        changed, count = pattern.subn(replacement, word)
        if count:
            return changed
    return word
