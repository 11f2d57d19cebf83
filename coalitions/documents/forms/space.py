"""How much room a workspace or an organisation has, as a secretariat sets it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

GIGABYTE = 1024**3


class SpaceForm(forms.Form):
    """A limit of its own; `value` is None for the usual one, else a number of bytes."""

    gigabytes = forms.DecimalField(
        label=_("Limit in gigabytes"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(1_000_000),
        max_digits=10,
        decimal_places=3,
        error_messages={"invalid": _("Write a number, such as 20 or 2.5.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, limit: int | None, usual: int, **kwargs: Any) -> None:
        if limit is not None:
            shown = (Decimal(limit) / GIGABYTE).quantize(Decimal("0.001")).normalize()
            kwargs["initial"] = {"gigabytes": f"{shown:f}"}
        super().__init__(*args, **kwargs)
        words = (
            gettext("Left empty, the usual limit holds: %(usual)s. 0 is no limit.")
            if usual
            else gettext("Left empty, the usual limit holds: none. 0 is no limit.")
        )
        self.fields["gigabytes"].help_text = words % {"usual": filesizeformat(usual)}

    @property
    def value(self) -> int | None:
        """The limit in bytes."""
        typed: Decimal | None = self.cleaned_data["gigabytes"]
        return None if typed is None else int(typed * GIGABYTE)
