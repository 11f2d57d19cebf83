"""Addresses of article images."""

from django.urls import path

from knowledge.views.images import image

urlpatterns = [path("<path:name>", image, name="knowledge-image")]
