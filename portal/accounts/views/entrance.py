"""The doors: allauth's views where ours differ from them.

Invariant: signing out takes a POST and leaves nothing of the session in the browser; a second
factor is asked for by code alone.
"""

from typing import Any

from allauth.account.views import LogoutView, PasswordChangeView
from allauth.mfa.base.views import AuthenticateView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse


class SignOutView(LogoutView):
    """Asks on GET, signs out on POST."""

    http_method_names = ["get", "head", "post"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, and have the browser forget what it kept for us."""
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cookies", "storage"'
        return response


class ChangePasswordView(PasswordChangeView):
    """The present password and a new one; who has none yet gets one by mail."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead an account that never had a password to the reset."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return HttpResponseRedirect(reverse("account_reset_password"))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class SecondFactorView(AuthenticateView):
    """The code after the password. allauth's own form for keys is left out: there are none."""

    http_method_names = ["get", "head", "post"]

    def _build_forms(self) -> Any:
        form_class = self.get_form_class()
        data = self.request.POST if self.request.method == "POST" else None
        self.auth_form = form_class(user=self.stage.login.user, data=data)
        self.webauthn_form = None
        return self.auth_form
