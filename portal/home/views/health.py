"""`/healthz`, `/readyz` and `/metrics`.

Invariant: none reads a session unless an operator may be asking, sets a cookie or is cached. For
everybody but operators there are no metrics.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.home import health
from search.metrics import CONTENT_TYPE, exposition


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


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give operators the numbers of search, for Prometheus."""
    if not health.is_operator(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)
