"""The accounts in the Wagtail admin: roles there, and whether an account is active.

Invariant: nobody's address is changed here. Whoever sets it gets the link for a new password, and
with it all that the person may see: being superuser gives no sight.
"""

from typing import Any

from wagtail.users.forms import UserEditForm
from wagtail.users.views.users import UserViewSet


class PersonForm(UserEditForm):
    """Wagtail's own; what is sent as address or name is passed over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        for name in ("first_name", "last_name"):
            # Wagtail's template writes them; our accounts have one name, which is the person's.
            self.fields[name].disabled = True
            self.fields[name].required = False


class PeopleViewSet(UserViewSet):
    """Wagtail's own, with our form."""

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the form of an account that exists; none is made here."""
        return PersonForm if for_update else super().get_form_class(for_update)
