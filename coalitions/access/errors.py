"""The one error of this vocabulary."""

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """A service was called by somebody without the right to that act.

    Web and API answer it like a missing thing, so that the refusal tells nothing. The message is
    for operators and tests, never for pages.
    """
