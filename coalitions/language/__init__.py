"""Text to tokens, once, for every engine and language; pure, no models.

Invariant: a document's text and a query's words go through the same functions, so that what
is found does not depend on the engine that looks for it.
"""

from coalitions.language.analysis import (
    ANALYSER_VERSION,
    Token,
    analyse,
    analyse_with_parts,
    analyses,
    parts_of,
    parts_with_spans,
    tokens_with_spans,
)
from coalitions.language.arabic import without_article
from coalitions.language.characters import clean, fold, has_signs
from coalitions.language.compounds import compound_parts, compound_stems, splits
from coalitions.language.guess import guess_language
from coalitions.language.snippets import Piece, Snippet, snippet, spans
from coalitions.language.stems import (
    LANGUAGES,
    MAX_TOKEN,
    PLAIN,
    language_code,
    stem,
    stem_readings,
)
from coalitions.language.words import is_light, light_words

__all__ = [
    "ANALYSER_VERSION",
    "LANGUAGES",
    "MAX_TOKEN",
    "PLAIN",
    "Piece",
    "Snippet",
    "Token",
    "analyse",
    "analyse_with_parts",
    "analyses",
    "clean",
    "compound_parts",
    "compound_stems",
    "fold",
    "guess_language",
    "has_signs",
    "is_light",
    "language_code",
    "light_words",
    "parts_of",
    "parts_with_spans",
    "snippet",
    "spans",
    "splits",
    "stem",
    "stem_readings",
    "tokens_with_spans",
    "without_article",
]
