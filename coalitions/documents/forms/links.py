"""Making a link for outsiders, and opening one."""

import secrets
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coalitions.documents.models.link import LONGEST_DAYS, LONGEST_PURPOSE, MOST_DOWNLOADS
from coalitions.documents.services.linking import SHORTEST_PASSWORD, Terms

LONGEST_PASSWORD: Final = 200
NEWEST: Final = "newest"
# Without signs that are mistaken for others when they are read out on the telephone.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_WHOLE = _("Write a whole number, such as 7.")


def suggested_password() -> str:
    """Return a new password that is easy to read out, of about 79 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _sign in range(4)) for _part in range(4))


def _number(label: Any, most: int, help_text: Any) -> forms.IntegerField:
    between = _("Choose a number from 1 to %(most)s.") % {"most": most}
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=most,
        error_messages={
            "required": _WHOLE,
            "invalid": _WHOLE,
            "min_value": between,
            "max_value": between,
        },
    )


class LinkForm(forms.Form):
    """What the link opens, for how long, how often, with which password."""

    purpose = forms.CharField(
        label=_("What it is for"),
        help_text=_("Only people of your organisation who decide about this document read it."),
        max_length=LONGEST_PURPOSE,
        required=False,
        validators=[ProhibitNullCharactersValidator()],
    )
    version = forms.ChoiceField(
        label=_("What it opens"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it opens."),
            "invalid_choice": _("Choose what it opens, from the list."),
        },
    )
    days = _number(_("For how many days"), LONGEST_DAYS, _("30 days at most."))
    downloads = _number(
        _("How many downloads"),
        MOST_DOWNLOADS,
        _("100 at most. Each counts, also one that breaks off. After the last one the link ends."),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_(
            "This one was made for you; you can write another one, of 12 signs or more. Keep it: "
            "it is not shown again. Send it by another way than the link, for example by telephone."
        ),
        max_length=LONGEST_PASSWORD,
        min_length=SHORTEST_PASSWORD,
        validators=[ProhibitNullCharactersValidator()],
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "version": NEWEST,
                "days": 7,
                "downloads": 3,
                "password": suggested_password(),
                "submission": uuid4(),
            },
        )
        super().__init__(*args, **kwargs)
        version = self.fields["version"]
        assert isinstance(version, forms.ChoiceField)
        version.choices = [
            (NEWEST, _("Whichever version is the newest when it is opened")),
            (
                str(number),
                gettext("Version %(number)s, also when there is a newer one") % {"number": number},
            ),
        ]

    def clean_password(self) -> str:
        """Return a password that is not among the common ones."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def terms(self) -> Terms:
        """Return what `make_link` takes."""
        data = self.cleaned_data
        chosen = data["version"]
        return Terms(
            password=data["password"],
            days=data["days"],
            downloads=data["downloads"],
            version=None if chosen == NEWEST else int(chosen),
            purpose=data["purpose"],
        )

    @property
    def submitted(self) -> UUID:
        """The mark of this form: sent twice, it makes one link."""
        uuid: UUID = self.cleaned_data["submission"]
        return uuid


class PasswordForm(forms.Form):
    """The password, and the secret of the address, which stands in no address from here on."""

    secret = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        error_messages={"required": _("Write the password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
