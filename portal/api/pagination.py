"""Cursor pages."""

from rest_framework.pagination import CursorPagination


class StableCursorPagination(CursorPagination):
    """Items in `results`."""
