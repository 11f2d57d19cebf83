"""Addresses of the network."""

from django.urls import path

from coalitions.network.views import invitations

app_name = "network"
urlpatterns = [
    path("invitations/<str:token>/", invitations.accept, name="accept-invitation"),
]
