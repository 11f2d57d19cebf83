"""The roof: wiring, and the surfaces that nobody imports."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
