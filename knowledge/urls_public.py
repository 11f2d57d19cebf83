"""Addresses without a language: the site map and the feeds of public articles."""

from django.urls import path

from knowledge.views.feeds import ArticleFeed
from knowledge.views.sitemap import sitemap

urlpatterns = [
    path("sitemap.xml", sitemap, name="sitemap"),
    path("feeds/articles.<slug:language>.xml", ArticleFeed(), name="article-feed"),
]
