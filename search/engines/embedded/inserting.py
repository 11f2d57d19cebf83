"""Many rows of one kind at once.

Django's own `bulk_create` makes an object of every row and asks for its key; neither is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    known: bool = False,
) -> None:
    """Write these rows; `known`: some of them may be there already."""
    if not rows:
        return
    ending = " ON CONFLICT DO NOTHING" if known else ""
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"  # noqa: S608
            f" VALUES ({places}){ending}",
            rows,
        )
