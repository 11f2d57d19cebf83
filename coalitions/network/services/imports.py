"""A network's own list of organisations, row by row, safe to repeat.

Invariant: every row gets one answer (created, changed, unchanged, refused with the reason), the
same in a dry run, which leaves nothing behind. An empty cell is unknown and takes nothing away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from coalitions.language.characters import fold
from coalitions.network.models import Organisation
from coalitions.network.permissions import is_secretariat_administrator
from coalitions.network.services import inputs
from coalitions.network.services.organisations import (
    NETWORK_OF_KIND,
    change_organisation,
    create_organisation,
)
from coalitions.network.services.refusals import Refused, require

Outcome = Literal["created", "changed", "unchanged", "refused"]
Kind = Organisation.Kind
REQUIRED = ("name", "kind", "country")
SOURCE_LIMIT = 500
_YES = frozenset({"yes", "true", "1"})
_NO = frozenset({"no", "false", "0"})


@dataclass(frozen=True)
class RowResult:
    """What became of one row. `line` is its line in the file, the header being line 1."""

    line: int
    outcome: Outcome
    name: str
    reason: str = ""
    organisation: Organisation | None = None


@dataclass(frozen=True)
class _Row:
    names: dict[str, str]
    kind: str
    countries: list[str]
    languages: list[str]
    website: str
    source: str
    listed: bool | None
    slug: str


def import_organisations(
    rows: Iterable[Mapping[str, str | None]],
    *,
    acting_user: Any | None = None,
    as_system: bool = False,
    dry_run: bool = False,
    first_line: int = 2,
) -> list[RowResult]:
    """Bring rows into the list of organisations; refused rows are left out, the others kept.

    `rows`: mappings with name, kind, country (codes joined by a bar) and optionally name_<code>,
    website, languages (joined by a bar), source, listed (yes or no), slug; anything else is
    ignored. A row is an organisation of the list when the slug is the same, or a name and a
    country. Right: administrators of a secretariat.
    """
    require(as_system or is_secretariat_administrator(acting_user))
    results: list[RowResult] = []
    with transaction.atomic():
        known = _Known()
        for number, raw in enumerate(rows, first_line):
            line = int(raw.get("__line__") or number)
            results.append(_import_row(raw, line, known, acting_user, as_system))
        if dry_run:
            transaction.set_rollback(True)
    return results


def _import_row(
    raw: Mapping[str, str | None],
    line: int,
    known: "_Known",
    acting_user: Any | None,
    as_system: bool,
) -> RowResult:
    label = " ".join(str(raw.get("name") or "").split())[:80]
    try:
        with transaction.atomic():
            row = _read(raw)
            organisation = known.find(row)
            outcome, organisation = _apply(row, organisation, acting_user, as_system)
    except ValidationError as error:
        return RowResult(line, "refused", label, " ".join(error.messages))
    known.add(organisation, row.countries)
    return RowResult(line, outcome, label, organisation=organisation)


def _read(raw: Mapping[str, str | None]) -> _Row:
    """Return the row's cells as facts; refuse what cannot be one, in words."""
    if raw.get("__too_many__"):
        raise Refused(_("The row has more cells than the first line has columns."))
    cell = {str(key): (value or "").strip() for key, value in raw.items() if key}
    missing = [column for column in REQUIRED if not cell.get(column)]
    if missing:
        raise Refused(_("“%(column)s” is empty. Fill it in.") % {"column": missing[0]})
    names = {"en": cell["name"]}
    names |= {key[5:]: value for key, value in cell.items() if key.startswith("name_") and value}
    listed = cell.get("listed", "").lower()
    if listed and listed not in _YES | _NO:
        raise Refused(
            _("“%(value)s” under “listed” is not understood. Write yes or no.")
            % {"value": listed[:20]}
        )
    return _Row(
        names=inputs.clean_names(names),
        kind=inputs.clean_choice(cell["kind"].lower(), Kind),
        countries=[country.code for country in inputs.countries_of(cell["country"].split("|"))],
        languages=inputs.clean_languages(cell.get("languages", "").split("|")),
        website=inputs.clean_website(cell.get("website", "")),
        source=inputs.clean_line(cell.get("source", ""), limit=SOURCE_LIMIT),
        listed=listed in _YES if listed else None,
        slug=cell.get("slug", "").lower(),
    )


class _Known:
    """The organisations of the list, found by slug, or by a name and a country."""

    def __init__(self) -> None:
        self._by_slug: dict[str, Organisation] = {}
        self._by_name: dict[tuple[str, str], Organisation] = {}
        for organisation in Organisation.objects.prefetch_related("countries"):
            self.add(organisation, [country.code for country in organisation.countries.all()])

    def add(self, organisation: Organisation, countries: Iterable[str]) -> None:
        """Remember an organisation as it is now."""
        self._by_slug[organisation.slug] = organisation
        for name in organisation.names.values():
            for country in countries:
                self._by_name[fold(name), country] = organisation

    def find(self, row: _Row) -> Organisation | None:
        """Return the organisation that `row` speaks of; refuse an unclear row."""
        if row.slug:
            return self._by_slug.get(row.slug)
        found = {
            organisation.pk: organisation
            for name in row.names.values()
            for country in row.countries
            if (organisation := self._by_name.get((fold(name), country))) is not None
        }
        if len(found) > 1:
            raise Refused(
                _("The names fit two organisations. Say which one in a column “slug”: %(slugs)s.")
                % {"slugs": ", ".join(sorted(each.slug for each in found.values()))}
            )
        return next(iter(found.values()), None)


def _apply(
    row: _Row, organisation: Organisation | None, acting_user: Any | None, as_system: bool
) -> tuple[Outcome, Organisation]:
    if organisation is None:
        created = create_organisation(
            names=row.names,
            kind=row.kind,
            countries=row.countries,
            languages=row.languages,
            website=row.website,
            source=row.source,
            listed=row.listed is not False,
            slug=row.slug,
            acting_user=acting_user,
            as_system=as_system,
        )
        return "created", created
    changes = _changes(row, organisation)
    if not changes:
        return "unchanged", organisation
    changed = change_organisation(
        organisation, acting_user=acting_user, as_system=as_system, **changes
    )
    return "changed", changed


def _changes(row: _Row, organisation: Organisation) -> dict[str, Any]:
    """Return what `row` says that the list does not say yet.

    An organisation of both networks may stand in a file twice, once for each: the second row adds
    its network, the kind stays as the list has it.
    """
    changes: dict[str, Any] = {}
    names = {**organisation.names, **row.names}
    # Found through another of its names: the row's “name” is not necessarily English.
    if row.names["en"] in organisation.names.values():
        names["en"] = organisation.names.get("en", row.names["en"])
    if names != organisation.names:
        changes["names"] = names
    here = {country.code for country in organisation.countries.all()}
    if not set(row.countries) <= here:
        changes["countries"] = sorted(here | set(row.countries))
    languages = [*organisation.languages, *row.languages]
    if set(row.languages) - set(organisation.languages):
        changes["languages"] = languages
    own_row = row.kind == organisation.kind or not organisation.website
    if row.website and own_row and row.website != organisation.website:
        changes["website"] = row.website
    source = _joined_sources(organisation.source, row.source)
    if source != organisation.source:
        changes["source"] = source
    if row.listed is not None and row.listed != organisation.listed:
        changes["listed"] = row.listed
    return changes | _kind_changes(row, organisation)


def _joined_sources(kept: str, new: str) -> str:
    """Return both, each part once, or what the list has where there is no room for both."""
    parts = [part.strip() for text in (kept, new) for part in text.split(";")]
    wanted = list(dict.fromkeys(part for part in parts if part))
    if set(wanted) == {part.strip() for part in kept.split(";")}:
        return kept
    both = "; ".join(wanted)
    return both if len(both) <= SOURCE_LIMIT else kept


def _kind_changes(row: _Row, organisation: Organisation) -> dict[str, Any]:
    if row.kind == organisation.kind:
        return {}
    network = NETWORK_OF_KIND.get(row.kind)
    if network is None or organisation.kind == Kind.SECRETARIAT:
        raise Refused(
            _("The list has this organisation as “%(kind)s”. Change its kind on its page first.")
            % {"kind": organisation.kind}
        )
    if organisation.kind == Kind.PARTNER or NETWORK_OF_KIND.get(organisation.kind) == network:
        return {"kind": row.kind}
    if network in organisation.networks:
        return {}
    return {"networks": [*organisation.networks, network]}
