"""How allauth behaves here.

Invariant: nobody signs up; the right password of a deactivated account is answered like a wrong
one; what opens the second factor is never at rest in clear.
"""

import base64
import logging
import secrets
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.accounts.keys import derived_keys
from portal.accounts.languages import address_in, remember_language

logger = logging.getLogger(__name__)
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - says "not known", nothing listens on it


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by invitation only, known by e-mail address."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "Address and password do not fit together. Check both, or reset your password."
        ),
        "enter_current_password": _("This is not your present password. Type it again."),
        "incorrect_code": _("This code is not right. Wait for the next one and type it again."),
        "incorrect_password": _("This is not your password. Type it again."),
        "invalid_password_reset": _("This link no longer works. Ask for a new one."),
        "rate_limited": _("Too many tries. Wait five minutes and try again."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts come from invitations."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the person, or None; a deactivated one is not told apart from a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Send somebody who was deactivated while signing in back to the start."""
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: Any, **details: Any) -> HttpResponse:
        """Lead on to where the person wanted to go, in their own language."""
        response: HttpResponse = super().post_login(request, user, **details)
        if isinstance(response, HttpResponseRedirect):
            response = HttpResponseRedirect(address_in(user.language, response.url))
        return remember_language(response, user.language)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return where a changed password leads: the account page."""
        return reverse("accounts:account")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address; a header that makes no sense is passed over."""
        try:
            return str(super().get_client_ip(request))
        except (ImproperlyConfigured, PermissionDenied):
            return request.META.get("REMOTE_ADDR") or UNKNOWN_ADDRESS

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person of a change to their account, in their language.

        The change stands whether or not the mail server takes the mail.
        """
        try:
            with override(user.language):
                super().send_notification_mail(template_prefix, user, context, email)
        except (OSError, SMTPException) as error:
            logger.warning("Account %s was not told: %s", user.uuid, type(error).__name__)


class MfaAdapter(DefaultMFAAdapter):
    """The second factor: secrets encrypted with a key that only this purpose has."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": _(
            "Recovery codes need a second factor. Set up an authenticator app first."
        ),
    }

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator app shows."""
        return str(settings.WAGTAIL_SITE_NAME)

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as SVG on white, so that it is read on a dark page too."""
        svg: str = super().build_totp_svg(url)
        start = svg.index("<svg")
        inside = svg.index(">", start) + 1
        background = '<rect width="100%" height="100%" fill="#ffffff"/>'
        return f"{svg[start:inside]}{background}{svg[inside:]}"

    def encrypt(self, text: str) -> str:
        """Return `text` so that the database alone does not give it away."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was encrypted; where the key is lost, a secret that no code fits."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("A second factor cannot be read: it was kept under another SECRET_KEY.")
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _cipher() -> MultiFernet:
    keys = derived_keys("accounts.second-factor")
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
