"""Addresses of accounts: those routes of allauth that we want, under their own names.

Invariant: no route makes an account, and none changes an address: both take an invitation.
"""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from django.urls import include, path, re_path

from portal.accounts.views import entrance, notices, profile, sessions

own = [
    path("", profile.account, name="account"),
    path("notice/", notices.acknowledge_notice, name="acknowledge-notice"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("login/", account_views.login, name="account_login"),
    path("logout/", entrance.SignOutView.as_view(), name="account_logout"),
    path("reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", entrance.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/reset/", account_views.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        account_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sessions/", sessions.session_list, name="usersessions_list"),
    path("second-factor/", mfa_views.index, name="mfa_index"),
    path("second-factor/code/", entrance.SecondFactorView.as_view(), name="mfa_authenticate"),
    path("second-factor/again/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/remove/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "second-factor/recovery-codes/",
        recovery_views.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/recovery-codes/new/",
        recovery_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
