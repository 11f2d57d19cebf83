"""Adding themes to a document, and taking them away, without touching the others.

Invariant: the themes that it has are read under its lock, so that two changes at one moment both
hold.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from coalitions.access import NotAllowed
from coalitions.documents.models import Document
from coalitions.documents.permissions import rights_on
from coalitions.documents.services.details import edit_details
from coalitions.network.models import Theme


def change_themes(
    *,
    acting_user: Any,
    document: Document,
    add: Iterable[Theme] = (),
    remove: Iterable[Theme] = (),
) -> tuple[set[Theme], set[Theme]]:
    """Give `document` these themes, take those away; return what was added and what was removed.

    For people of its owner who may edit it; NotAllowed for everybody else.
    """
    with transaction.atomic():
        locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if not rights_on(acting_user, locked).edit:
            raise NotAllowed("Only people of the owning organisation edit a document.")
        before = set(locked.themes.all())
        after = (before | set(add)) - set(remove)
        if after != before:
            edit_details(acting_user=acting_user, document=locked, themes=after)
    return after - before, before - after
