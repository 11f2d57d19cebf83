"""The form that enters a programme."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coalitions.network.forms.organisations import NamesForm


class ProgrammeForm(NamesForm):
    """How a programme is named and known, and when it runs."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens, for example safe-roads-2027. It stays."),
    )
    starts = forms.DateField(label=_("Starts"), required=False, widget=forms.DateInput())
    ends = forms.DateField(label=_("Ends"), required=False, widget=forms.DateInput())
