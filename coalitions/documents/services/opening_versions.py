"""Letting the other contributors of a workspace add versions to a document, or no longer.

Invariant: only whoever decides for the owner says so, and never of child data.
"""

from typing import Any

from django.db import transaction

from coalitions.crash_points import reached
from coalitions.documents.labels import audience_of
from coalitions.documents.models import Document
from coalitions.documents.services.sharing import (
    let_decide,
    let_decide_as_owner,
    locked_document,
)
from coalitions.documents.services.version_rights import set_others_add_versions


class NotOfChildData(ValueError):
    """Others never add versions to what holds data about a child."""


def let_others_add_versions(*, acting_user: Any, document: Document, allowed: bool) -> bool:
    """Say whether other contributors may add versions; return False where it is so already.

    The owner alone lets them; who looks after it in care may only end it. Raises NotOfChildData.
    """
    with transaction.atomic():
        locked = locked_document(document)
        (let_decide_as_owner if allowed else let_decide)(acting_user, locked)
        if allowed:
            audience = audience_of(locked)
            if audience is None or audience.child_data:
                raise NotOfChildData
        if locked.others_add_versions == allowed:
            return False
        set_others_add_versions(locked, acting_user, allowed)
        reached("opening-versions.before-commit")
    document.others_add_versions = allowed
    return True
