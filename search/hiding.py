"""Taking many documents out of the index by one act: a folder that goes into the trash.

Invariant: afterwards the index gives of each what `keeping.tighten` would leave. What lies in the
trash carries no labels, so that nothing more is asked of it, and all is hidden in few statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from coalitions.documents.models import Document
from search import engines
from search.indexed import ref_of
from search.keeping import clock, feeds_beside, lock_all, tighten
from search.withholding import withhold_from_all

# As many as one statement of SQLite takes values, with room to spare.
AT_ONCE: Final = 400
KIND: Final = "document"


def tighten_documents(keys: Sequence[str]) -> None:
    """Do what `tighten` does for each of these documents, inside the transaction of the change.

    `keys`: sorted, because they are locked in that order.
    """
    lock_all(KIND, keys)
    beside = feeds_beside()
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        rows = Document.objects.filter(uuid__in=some, trashed__isnull=False)
        gone = {str(uuid) for uuid in rows.values_list("uuid", flat=True)}
        refs = {key: ref_of(KIND, key) for key in sorted(gone)}
        engines.embedded().hide(refs.values(), clock())
        if beside:
            withhold_from_all(KIND, refs)
        for key in some:
            if key not in gone:
                tighten(KIND, key)
