"""What a service answers when it does not do what it was asked.

Invariant: `NotAllowed` (of `access`) is for people without the right and tells nothing;
`Refused` is for people with the right, and its message says what to do instead.
"""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from coalitions.access import NotAllowed

Row = TypeVar("Row", bound=Model)


class Refused(ValidationError):
    """The act is this person's to do, but not now or not like this; the message says why."""


class DeadInvitation(Refused):
    """The link was used, revoked, has expired or was never made; nobody learns which."""


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed("This person has no right to that act.")


def locked(row: Row) -> Row:
    """Return the present state of `row`, locked until the transaction ends.

    Locks are taken in one order, so that two services never wait for each other: organisation,
    coalition, workspace, invitation. Others go on to name the row meanwhile: whoever holds a
    document and writes its owner down would wait for us, and we for the document. (SQLite locks
    the whole database instead.)
    """
    return type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
