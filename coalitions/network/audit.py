"""One way to write an audit row; see `models/audit.py` for the invariant."""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from coalitions.network.models.audit import AuditEntry


class _HasUuid(Protocol):
    uuid: Any


def record(
    verb: str,
    *,
    acting_user: _HasUuid | None,
    thing: Any,
    acting_organisation: Any | None = None,
    **details: str | int | bool | None,
) -> AuditEntry:
    """Write that `acting_user` did `verb` to `thing`, inside the caller's transaction.

    `acting_user`: None for the system itself. `thing`: a model instance with a `uuid`.
    `details`: codes, numbers and uuids as text; never titles, names, addresses or text.
    """
    entry = _entry(verb, acting_user, thing, acting_organisation, details)
    entry.save()
    return entry


def record_each(
    verb: str,
    *,
    acting_user: _HasUuid | None,
    things: Iterable[Any],
    acting_organisation: Any | None = None,
    **details: str | int | bool | None,
) -> None:
    """Write the same of each of many things that one act changed: a row each, in few statements."""
    AuditEntry.objects.bulk_create(
        (_entry(verb, acting_user, thing, acting_organisation, details) for thing in things),
        batch_size=100,
    )


def _entry(
    verb: str,
    acting_user: _HasUuid | None,
    thing: Any,
    acting_organisation: Any | None,
    details: dict[str, str | int | bool | None],
) -> AuditEntry:
    uuid: UUID | None = getattr(thing, "uuid", None)
    return AuditEntry(
        verb=verb,
        actor=getattr(acting_user, "uuid", None),
        acting_organisation=getattr(acting_organisation, "uuid", None),
        object_kind=thing._meta.label_lower,
        object_uuid=uuid,
        details=details,
    )
