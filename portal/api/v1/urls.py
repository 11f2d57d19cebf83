"""Addresses of API v1. Whatever else is asked for is answered as missing, in JSON."""

from django.urls import path, re_path

from portal.api.v1 import articles, docs, documents, downloads, organisations, root, search
from portal.api.v1.base import UnknownAddress

app_name = "api-v1"
urlpatterns = [
    path("", root.Root.as_view(), name="root"),
    path("organisations/", organisations.OrganisationList.as_view(), name="organisations"),
    path(
        "organisations/<slug:slug>/",
        organisations.OrganisationDetail.as_view(),
        name="organisation",
    ),
    path("documents/", documents.DocumentList.as_view(), name="documents"),
    path("documents/<uuid:uuid>/", documents.DocumentDetail.as_view(), name="document"),
    path("documents/<uuid:uuid>/versions/", documents.VersionList.as_view(), name="versions"),
    path("documents/<uuid:uuid>/pages/", documents.PageList.as_view(), name="pages"),
    path(
        "documents/<uuid:uuid>/versions/<int:number>/pages/",
        documents.PageList.as_view(),
        name="version-pages",
    ),
    path(
        "documents/<uuid:uuid>/versions/<int:number>/download/",
        downloads.Download.as_view(),
        name="download",
    ),
    path("articles/", articles.ArticleList.as_view(), name="articles"),
    path("articles/<uuid:key>/<slug:language>/", articles.ArticleDetail.as_view(), name="article"),
    path("search/", search.Search.as_view(), name="search"),
    path("docs/<slug:language>/", docs.docs, name="docs"),
    path("docs/", docs.docs, name="docs"),
    path("schema/", root.Schema.as_view(), name="schema"),
    re_path("", UnknownAddress.as_view(), name="unknown"),
]
