"""The directory: filters and the counts beside them, over organisations the viewer sees.

Pure apart from one reading. Invariant: counts are taken from the same rows that are shown, so
they tell nothing about organisations that the viewer does not see.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict

from coalitions.access import Viewer
from coalitions.language.characters import clean, fold
from coalitions.network.models import Organisation
from coalitions.network.presentation import by_name, country_name

NETWORKS = ("dci", "ecpat")
WORDS_LIMIT = 200


@dataclass(frozen=True)
class Entry:
    """An organisation as the directory knows it."""

    organisation: Organisation
    countries: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; unknown values are left out."""

    words: str = ""
    country: str = ""
    networks: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    @property
    def any(self) -> bool:
        """Whether anything narrows the list."""
        return self != Filters()


@dataclass(frozen=True)
class Choice:
    """A value of a facet, with how many organisations it would show."""

    value: str
    label: str
    count: int
    chosen: bool


def filters_from(query: QueryDict) -> Filters:
    """Return the filters of an address."""
    country = query.get("country", "").upper()
    return Filters(
        words=" ".join(clean(query.get("q", ""))[:WORDS_LIMIT].split()),
        country=country if len(country) == 2 and country.isascii() and country.isalpha() else "",
        networks=frozenset(query.getlist("network")) & frozenset(NETWORKS),
        kinds=frozenset(query.getlist("kind")) & frozenset(Organisation.Kind.values),
    )


def entries_for(viewer: Viewer) -> list[Entry]:
    """Return every organisation that the viewer sees."""
    rows = Organisation.objects.visible_to(viewer).prefetch_related("countries")
    entries = []
    for row in rows:
        countries = tuple(country.code for country in row.countries.all())
        words = [*row.names.values(), *(country_name(code) for code in countries)]
        entries.append(Entry(row, countries, fold(" ".join(words))))
    return entries


def matching(entries: Iterable[Entry], filters: Filters) -> list[Entry]:
    """Return the entries that fit all filters."""
    words = fold(filters.words).split()
    return [
        entry
        for entry in entries
        if (not filters.country or filters.country in entry.countries)
        and (not filters.networks or filters.networks & set(entry.organisation.networks))
        and (not filters.kinds or entry.organisation.kind in filters.kinds)
        and all(word in entry.text for word in words)
    ]


def _choices(
    entries: Iterable[Entry],
    values_of: Callable[[Entry], Iterable[str]],
    label_of: Callable[[str], str],
    chosen: frozenset[str],
) -> list[Choice]:
    counts = Counter(value for entry in entries for value in values_of(entry))
    for value in chosen:
        counts.setdefault(value, 0)
    found = [Choice(v, label_of(v), count, v in chosen) for v, count in counts.items()]
    return sorted(found, key=lambda choice: by_name(choice.label))


def facets(entries: list[Entry], filters: Filters) -> dict[str, list[Choice]]:
    """Return the choices of each facet, counted under the other filters."""
    kinds = dict(Organisation.Kind.choices)
    return {
        "countries": _choices(
            matching(entries, replace(filters, country="")),
            lambda entry: entry.countries,
            country_name,
            frozenset({filters.country} - {""}),
        ),
        "networks": _choices(
            matching(entries, replace(filters, networks=frozenset())),
            lambda entry: entry.organisation.networks,
            str.upper,
            filters.networks,
        ),
        "kinds": _choices(
            matching(entries, replace(filters, kinds=frozenset())),
            lambda entry: (entry.organisation.kind,),
            lambda kind: str(kinds[kind]),
            filters.kinds,
        ),
    }


def by_country(entries: Iterable[Entry], only: str = "") -> list[tuple[str, Organisation]]:
    """Return pairs of country code and organisation, sorted by both names.

    An organisation of two countries stands under each; one of none stands last, under "".
    """
    pairs = [
        (code, entry.organisation)
        for entry in entries
        for code in (entry.countries or ("",))
        if not only or code == only
    ]
    return sorted(
        pairs,
        key=lambda pair: (
            not pair[0],
            by_name(country_name(pair[0])),
            by_name(pair[1].name),
            pair[1].slug,
        ),
    )
