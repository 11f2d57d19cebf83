"""Which screen the Wagtail admin has for accounts: its own, with our form.

Invariant: named in INSTALLED_APPS in place of `wagtail.users`.
"""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleScreenConfig(WagtailUsersAppConfig):
    user_viewset = "portal.accounts.views.people_screen.PeopleViewSet"
