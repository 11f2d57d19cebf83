"""Addresses without a language: the feeds of saved searches."""

from django.urls import path

from search.saved.feed import SavedSearchFeed

urlpatterns = [path("feeds/searches/<str:key>/", SavedSearchFeed(), name="search-feed")]
