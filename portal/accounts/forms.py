"""The forms of accounts: allauth's rules under our own words.

Invariant: no placeholder stands in for a label, and every refusal says what to do.
"""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from coalitions.language import has_signs
from portal.accounts.models import User
from portal.accounts.services import password_reset
from portal.home.presentation.names import own_language_name

PASSWORD_LIMIT = 256
CODE_LIMIT = 40
ADDRESS = _("E-mail address")
PASSWORD_HELP = _(
    "12 characters or more. Several words that do not belong together are good; "
    "your name, your address and common passwords are not."
)
CODE_HELP = _("The six digits in your authenticator app, or one of your recovery codes.")


def _say(form: forms.Form, name: str, label: Any, help_text: Any = "") -> None:
    """Give a field of allauth our words and a limit."""
    field = form.fields[name]
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)
    if isinstance(field.widget, forms.PasswordInput):
        # A password is hashed whole; without a limit a long one is a way to keep us busy.
        field.validators.append(MaxLengthValidator(PASSWORD_LIMIT))


class LoginForm(account_forms.LoginForm):
    """Address and password. `remember` starts unticked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", ADDRESS)
        _say(self, "password", _("Password"))
        _say(
            self,
            "remember",
            _("Stay signed in on this device for two weeks"),
            _("Leave this empty on a device that others use."),
        )


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """Asks for a link by mail; what happens next is the same for every address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "email", ADDRESS)

    def save(self, request: Any, **kwargs: Any) -> str:
        """Write the wish down; the worker finds out whether there is an account."""
        email: str = self.cleaned_data["email"]
        user = self.users[0] if self.users else None
        password_reset.request_reset(user, language=request.LANGUAGE_CODE)
        return email


class ResetPasswordKeyForm(account_forms.ResetPasswordKeyForm):
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password1", _("New password"), PASSWORD_HELP)
        _say(self, "password2", _("New password once more"))


class UserTokenForm(account_forms.UserTokenForm):
    """Finds the person of a reset link by uuid; the link of a deactivated account is dead."""

    def _get_user(self, uidb36: str | None) -> User | None:
        return password_reset.person_of(uidb36 or "")


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The present password and the new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", _("Present password"))
        _say(self, "password1", _("New password"), PASSWORD_HELP)
        _say(self, "password2", _("New password once more"))


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", _("Password"))


def _say_code(form: forms.Form, help_text: Any) -> None:
    _say(form, "code", _("Code"), help_text)
    field = form.fields["code"]
    field.validators.append(MaxLengthValidator(CODE_LIMIT))
    field.widget.attrs.update({"inputmode": "numeric", "dir": "ltr"})


def _once(code: str, user: User) -> str:
    """Return the code; refuse one that was used before.

    One step of tolerance keeps a code valid for longer than allauth remembers it.
    """
    if not cache.add(f"accounts.code:{user.pk}:{code.strip()}", True, timeout=120):
        raise forms.ValidationError(
            _("This code was used already. Wait for the next one and type that.")
        )
    return code


class AuthenticateForm(mfa_forms.AuthenticateForm):
    """The second factor at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self, CODE_HELP)

    def clean_code(self) -> str:
        """Return the code, which opens once."""
        return _once(super().clean_code(), self.user)


class MfaReauthenticateForm(mfa_forms.ReauthenticateForm):
    """The second factor again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self, CODE_HELP)

    def clean_code(self) -> str:
        """Return the code, which opens once."""
        return _once(super().clean_code(), self.user)


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self, _("The six digits that the app shows for this portal."))


class ProfileForm(forms.ModelForm[User]):
    """How a person is named, and in which language and colours they read."""

    language = forms.ChoiceField(label=_("Language of the portal"))

    class Meta:
        model = get_user_model()
        fields = ("name", "language", "theme")
        widgets = {"theme": forms.RadioSelect}
        help_texts = {
            "name": _("People of your organisations and workspaces see it. Nobody else does."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, own_language_name(code)) for code in settings.INTERFACE_LANGUAGES]
        self.fields["theme"].required = False

    def clean_name(self) -> str:
        """Return the name; one of which nothing can be seen is none."""
        name: str = self.cleaned_data["name"]
        if not has_signs(name):
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name
