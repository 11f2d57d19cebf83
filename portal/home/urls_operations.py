"""Addresses without a language: health."""

from django.urls import path

from portal.home.views.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
