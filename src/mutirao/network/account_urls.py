# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in and out, below conta/: allauth's views under addresses in Portuguese; no page to sign up."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

from mutirao.network import account_forms as forms

urlpatterns = [
    path("entrar/", views.LoginView.as_view(form_class=forms.LoginForm), name="account_login"),
    path(
        "entrar/codigo/",
        views.RequestLoginCodeView.as_view(form_class=forms.RequestLoginCodeForm),
        name="account_request_login_code",
    ),
    path(
        "entrar/codigo/conferir/",
        views.ConfirmLoginCodeView.as_view(form_class=forms.ConfirmLoginCodeForm),
        name="account_confirm_login_code",
    ),
    path("sair/", views.logout, name="account_logout"),
    path("fechada/", views.account_inactive, name="account_inactive"),
    # Answers that accounts come by invitation; the e-mail to an unknown address points here.
    path("criar/", views.signup, name="account_signup"),
    path(
        "confirmar/",
        views.ReauthenticateView.as_view(form_class=forms.ReauthenticateForm),
        name="account_reauthenticate",
    ),
    path(
        "senha/trocar/",
        views.PasswordChangeView.as_view(form_class=forms.ChangePasswordForm),
        name="account_change_password",
    ),
    path("senha/criar/", views.PasswordSetView.as_view(form_class=forms.SetPasswordForm), name="account_set_password"),
    path(
        "senha/esqueci/",
        views.PasswordResetView.as_view(form_class=forms.ResetPasswordForm),
        name="account_reset_password",
    ),
    path("senha/esqueci/enviado/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^senha/nova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.PasswordResetFromKeyView.as_view(form_class=forms.ResetPasswordKeyForm),
        name="account_reset_password_from_key",
    ),
    path("senha/nova/pronto/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
