"""Addresses of the token pages."""

from django.urls import path

from portal.api.views import tokens

app_name = "api"
urlpatterns = [
    path("organisations/<slug:slug>/tokens/", tokens.tokens, name="tokens"),
    path(
        "organisations/<slug:slug>/tokens/<uuid:uuid>/revoke/",
        tokens.revoke,
        name="token-revoke",
    ),
]
