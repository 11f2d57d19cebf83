"""Forms about people: a role, an end."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.network.models import Affiliation


class RoleForm(forms.Form):
    """A person's role in an organisation."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Affiliation.Role.choices, widget=forms.RadioSelect
    )


class EndForm(forms.Form):
    """When somebody leaves: now, or at the start of a day to come."""

    until = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave this empty to end it now."),
        widget=forms.DateInput,
    )

    def clean_until(self) -> datetime | None:
        """Return the instant after the last day ends (UTC)."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        today = timezone.now().date()
        if day < today or day.year > today.year + 50:
            raise forms.ValidationError(
                _("Give today or a day to come, or leave this empty to end it now.")
            )
        after = day + timedelta(days=1)
        return datetime.combine(after, time.min, tzinfo=timezone.get_default_timezone())


class PlaceForm(forms.Form):
    """Who of an organisation's people is put into a workspace, and as what."""

    person = forms.ChoiceField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], roles: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("person", people), ("role", roles)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.fields["role"].initial = roles[-1][0] if roles else None
