"""What the worker gave up on: looked at by administrators, tried again or left out.

Invariant: an object is named by its kind and key, a failure by its class: no titles, no text. Each
act needs Django's right over the rows, which superusers have and a group may be given.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents.nudges import after_commit
from search.models import OutboxRow

logger = logging.getLogger(__name__)

# Who may look, let something be tried again, and give something up.
VIEW, CHANGE, DELETE = (f"search.{act}_outboxrow" for act in ("view", "change", "delete"))


def may(person: Any, right: str) -> bool:
    """Whether this person has one of the rights over what was set aside."""
    return bool(getattr(person, "is_active", False) and person.has_perm(right))


def _require(person: Any, right: str) -> None:
    if not may(person, right):
        raise NotAllowed("what was set aside is looked after with the right over it alone")


def objects_set_aside() -> QuerySet[OutboxRow, Any]:
    """One line for each object and engine, the longest waiting first."""
    return (
        OutboxRow.objects.filter(set_aside=True)
        .values("engine", "kind", "key")
        .annotate(since=Min("created"), tries=Max("attempts"), why=Max("failure"), rows=Count("pk"))
        .order_by("since", "engine", "kind", "key")
    )


def objects_that_wait() -> tuple[int, int]:
    """How many objects wait to be indexed, and how many of them failed before."""
    waiting = OutboxRow.objects.filter(set_aside=False)
    failed = waiting.filter(attempts__gt=0)
    return _count(waiting), _count(failed)


def _count(rows: QuerySet[OutboxRow]) -> int:
    return rows.values("kind", "key").distinct().count()


def _rows(engine: str, kind: str, key: str) -> QuerySet[OutboxRow]:
    return OutboxRow.objects.filter(engine=engine, kind=kind, key=key, set_aside=True)


def try_again(*, acting_user: Any, engine: str, kind: str, key: str) -> bool:
    """Let the worker begin anew with this object. False where nothing is set aside any more."""
    from search.tasks import drain_outbox

    _require(acting_user, CHANGE)
    done = _rows(engine, kind, key).update(
        set_aside=False, attempts=0, next_try=timezone.now(), claim=None, claimed=None, failure=""
    )
    if done:
        logger.warning("%s lets %s %s be tried again in %s", acting_user.uuid, kind, key, engine)
        after_commit(drain_outbox)
    return bool(done)


def give_up(*, acting_user: Any, engine: str, kind: str, key: str) -> bool:
    """Leave this object as it is in this index until it changes or is compared."""
    _require(acting_user, DELETE)
    done, _ = _rows(engine, kind, key).delete()
    if done:
        logger.warning("%s gives up %s %s in %s", acting_user.uuid, kind, key, engine)
    return bool(done)
