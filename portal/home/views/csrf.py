"""The page shown when a form's token does not fit.

Invariant: the answer names neither the reason nor the address; nothing has been carried out.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form has expired and what to do; `reason` stays unspoken."""
    return render(request, "403_csrf.html", status=403)
