"""App registry entry of the network's own facts."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "coalitions.network"
    label = "network"
