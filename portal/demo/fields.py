"""Typed reading of the demonstration's YAML: every error names the place and what is expected."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class DemoContentError(ValueError):
    """Content of the demonstration that cannot be used; the message says what to change."""


class Fields:
    """The keys of one YAML mapping, read one by one with the type that is expected of each."""

    def __init__(self, place: str, values: object) -> None:
        if not isinstance(values, dict):
            raise DemoContentError(f"{place}: a list of 'key: value' lines is expected")
        self.place = place
        self._values: Mapping[str, object] = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keys(self) -> frozenset[str]:
        """The keys that are there."""
        return frozenset(self._values)

    def _wrong(self, key: str, expected: str) -> DemoContentError:
        return DemoContentError(f"{self.place}: {key} is {expected}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text on one line; without `default` it has to be there."""
        value = self._values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._wrong(key, "a text")
        return " ".join(value.split())

    def slug(self, key: str) -> str:
        """A short name of small letters, digits and single hyphens."""
        value = self.text(key)
        if not _SLUG.fullmatch(value):
            raise self._wrong(key, "small letters, digits and single hyphens")
        return value

    def choice(self, key: str, choices: Collection[str]) -> str:
        """One of `choices`."""
        value = self.text(key)
        if value not in choices:
            raise self._wrong(key, f"one of {', '.join(choices)}")
        return value

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def date(self, key: str) -> datetime.date:
        """A day."""
        value = self._values.get(key)
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self._wrong(key, "a day such as 2026-03-31")
        return value

    def optional_date(self, key: str) -> datetime.date | None:
        """A day, or None where the key is absent."""
        return self.date(key) if key in self._values else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once."""
        values = self._values.get(key)
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self._wrong(key, "a list of texts (quote NO, ON and YES)")
        if len(set(values)) != len(values):
            raise self._wrong(key, "a list without repetitions")
        return tuple(values)

    def numbers(self, key: str, allowed: range) -> tuple[int, ...]:
        """A list of whole numbers within `allowed`."""
        values = self._values.get(key)
        if not isinstance(values, list) or not all(type(v) is int and v in allowed for v in values):
            raise self._wrong(key, f"a list of numbers {allowed.start} to {allowed.stop - 1}")
        return tuple(values)

    def names(self, key: str, languages: Collection[str]) -> Mapping[str, str]:
        """Names by language; English is always there."""
        inner = Fields(f"{self.place}: {key}", self._values.get(key))
        if "en" not in inner or not inner.keys() <= set(languages):
            raise self._wrong(key, f"names by language, with en, of {', '.join(languages)}")
        return {language: inner.text(language) for language in sorted(inner.keys())}

    def entries(self, key: str) -> list[Fields]:
        """A list of mappings, each named by its slug or address in messages."""
        values = self._values.get(key)
        if not isinstance(values, list):
            raise self._wrong(key, "a list")
        result = []
        for number, value in enumerate(values, start=1):
            label = value.get("slug") or value.get("email") if isinstance(value, dict) else None
            result.append(Fields(f"{self.place}: {key} {label or number}", value))
        return result
