"""The names of countries in every language that is searched, for what has countries and no text."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale

from coalitions.language import LANGUAGES
from search.records import Words


def country_names(codes: Sequence[str]) -> list[Words]:
    """The names of these countries, each with its language; a code that is none has none."""
    return [
        Words(str(Locale.parse(language).territories[code]), language)
        for language in LANGUAGES
        for code in codes
        if code in Locale.parse(language).territories
    ]
