"""Addresses of search."""

from django.urls import path

from search import views
from search.saved import views as saved

app_name = "search"
urlpatterns = [
    path("search/", views.results, name="results"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("documents/<uuid:uuid>/search/", views.inside, name="inside"),
    path("my/searches/", saved.saved_list, name="saved"),
    path("my/searches/new/", saved.saved_new, name="saved-new"),
    path("my/searches/<uuid:uuid>/", saved.saved_one, name="saved-one"),
    path("my/searches/<uuid:uuid>/feed/", saved.saved_feed, name="saved-feed"),
    path("my/searches/<uuid:uuid>/delete/", saved.saved_delete, name="saved-delete"),
    path("alerts/stop/<str:token>/", saved.stop_alerts, name="stop-alerts"),
]
