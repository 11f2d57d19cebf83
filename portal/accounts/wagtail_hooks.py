"""The Wagtail admin gives people roles there; it makes no accounts and deletes none.

Invariant: whoever may use that screen changes roles and whether an account is active. Passwords
are set by their own people, accounts come from invitations.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

REFUSED = frozenset({"add", "delete"})


class PeopleByInvitation(ModelPermissionPolicy):
    """Wagtail's own policy without making and deleting, for superusers too."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether `user` may do `action` to accounts."""
        return action not in REFUSED and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Return whether `user` may do any of `actions`."""
        return any(self.user_has_permission(user, action) for action in actions)


def refuse_bulk_deletion(request: Any, action_type: str, objects: Any, action: Any) -> None:
    """Refuse the deletion of several accounts, which asks no policy."""
    if action_type == "delete" and issubclass(action.model, get_user_model()):
        raise PermissionDenied


hooks.register("before_bulk_action", refuse_bulk_deletion)
register_permission_policy(get_user_model(), PeopleByInvitation(get_user_model()))
