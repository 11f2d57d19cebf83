"""Addresses of article images."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
