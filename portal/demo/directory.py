"""The real directory, as facts: which organisations a public source names, one entry each.

Pure. Invariant: a real organisation is one entry, also where two networks name it; every entry
says where it was read.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

FACTS = Path(__file__).parent / "facts" / "organisations.csv"
SOURCE_LIMIT = 500
_NETWORK_OF_KIND = {
    "dci_section": ("dci",),
    "ecpat_member": ("ecpat",),
    "ecpat_affiliate": ("ecpat",),
}


@dataclass(frozen=True)
class DirectoryEntry:
    """One real organisation; `source` says where it was read, from which year, with what doubt."""

    name: str
    kind: str
    country: str
    networks: tuple[str, ...]
    languages: tuple[str, ...]
    website: str
    source: str


def read_directory(path: Path = FACTS) -> list[DirectoryEntry]:
    """Read the directory; rows of one name and country become one entry."""
    entries: dict[tuple[str, str], DirectoryEntry] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            entry = _entry(row)
            key = (entry.name, entry.country)
            held = entries.get(key)
            entries[key] = entry if held is None else _merged(held, entry)
    return list(entries.values())


def _entry(row: Mapping[str, str]) -> DirectoryEntry:
    return DirectoryEntry(
        name=row["name"],
        kind=row["kind"],
        country=row["country"],
        networks=_networks(row),
        languages=tuple(code for code in row["languages"].split("|") if code),
        website=row["website"],
        source=_source(row),
    )


def _networks(row: Mapping[str, str]) -> tuple[str, ...]:
    if row["kind"] == "secretariat":
        return ("ecpat",) if "ECPAT" in row["name"] else ("dci",)
    return _NETWORK_OF_KIND.get(row["kind"], ())


def _source(row: Mapping[str, str]) -> str:
    year = f" ({row['evidence_year']})" if row["evidence_year"] else ""
    note = f". {row['note']}" if row["note"] else ""
    return f"{row['source']}{year}{note}"[:SOURCE_LIMIT]


def _merged(first: DirectoryEntry, second: DirectoryEntry) -> DirectoryEntry:
    return replace(first, networks=tuple(sorted({*first.networks, *second.networks})))
