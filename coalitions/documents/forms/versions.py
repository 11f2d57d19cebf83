"""Restoring a version, choosing two to compare, reserving a document."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coalitions.documents.models import DocumentVersion
from coalitions.documents.services.reserving import HOURS


class RestoreForm(forms.Form):
    """Why, and which version was the newest one when the person looked."""

    seen = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Why you restore it"),
        max_length=500,
        required=False,
        validators=[ProhibitNullCharactersValidator()],
    )


class CompareForm(forms.Form):
    """Two versions of one document. What nobody offered is no choice."""

    old = forms.TypedChoiceField(label=_("From"), coerce=int)
    new = forms.TypedChoiceField(label=_("To"), coerce=int)

    def __init__(self, *args: Any, versions: list[DocumentVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (version.number, gettext("Version %(number)s") % {"number": version.number})
            for version in versions
        ]
        for name in ("old", "new"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class ReserveForm(forms.Form):
    """For how long."""

    hours = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose for how long."),
            "invalid_choice": _("Choose for how long, from the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"hours": 2})
        super().__init__(*args, **kwargs)
        field = self.fields["hours"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(hours, _long(hours)) for hours in HOURS]


def _long(hours: int) -> str:
    if hours % 24:
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    days = hours // 24
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
