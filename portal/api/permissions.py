"""The API is read-only."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission


class ReadOnly(BasePermission):
    """Admits safe methods; what is seen is decided by `visible_to`."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.method in SAFE_METHODS
