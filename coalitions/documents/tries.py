"""How often somebody may try the password of a link: as often as they may try to sign in; and how
often they may ask whether files would fit.

Invariant: tries of a password are counted per address of the asker and per link, the same for links
that are there and for those that are not; one that was right does not count. Questions are counted
per person. It uses what sign-in uses (allauth's counters in the cache); its public function reads
the rates of accounts alone.
"""

from typing import Final

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

RATES: Final = {"link": "10/m/ip,5/5m/key", "plan": "60/5m/user"}


def take_try(request: HttpRequest, digest: str) -> RateLimitUsage | None:
    """Count one try at the link with this digest; None where there were too many."""
    return ratelimit.consume(
        request, app="documents", action="link", config=dict(RATES), key=digest
    )


def take_plan(request: HttpRequest) -> RateLimitUsage | None:
    """Count one question whether files would fit; None where there were too many."""
    return ratelimit.consume(request, app="documents", action="plan", config=dict(RATES))


def give_back(tried: RateLimitUsage) -> None:
    """Let a try that was right not count."""
    tried.rollback()
