"""`/healthz` and `/readyz`.

Invariant: neither reads a session unless an operator may be asking, sets a cookie or is cached.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.home import health


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; nothing else is asked, so nothing else can fail it."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether pages can be answered; name the parts to operators."""
    essentials = health.essentials()
    ready = all(finding.ok for finding in essentials.values())
    body: dict[str, object] = {"status": "ok" if ready else "unavailable"}
    if health.is_operator(request):
        body["checks"] = health.as_json({**essentials, **health.particulars()})
    return JsonResponse(body, status=200 if ready else 503)
