"""Rates."""

from rest_framework.throttling import UserRateThrottle


class ViewerRateThrottle(UserRateThrottle):
    """Per viewer."""

    scope = "viewer"
