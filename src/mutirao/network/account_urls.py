# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in and out, below conta/: allauth's views under addresses in Portuguese; no page to sign up."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

urlpatterns = [
    path("entrar/", views.login, name="account_login"),
    path("entrar/codigo/", views.request_login_code, name="account_request_login_code"),
    path("entrar/codigo/conferir/", views.confirm_login_code, name="account_confirm_login_code"),
    path("sair/", views.logout, name="account_logout"),
    path("fechada/", views.account_inactive, name="account_inactive"),
    # Answers that accounts come by invitation; the e-mail to an unknown address points here.
    path("criar/", views.signup, name="account_signup"),
    path("confirmar/", views.reauthenticate, name="account_reauthenticate"),
    path("senha/trocar/", views.password_change, name="account_change_password"),
    path("senha/criar/", views.password_set, name="account_set_password"),
    path("senha/esqueci/", views.password_reset, name="account_reset_password"),
    path("senha/esqueci/enviado/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^senha/nova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("senha/nova/pronto/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
