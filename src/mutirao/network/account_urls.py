# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in and out, and protecting one's account, below conta/: allauth's views under addresses in Portuguese; no
page to sign up."""

from __future__ import annotations

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from mutirao.network import account_forms as forms
from mutirao.network.views import protection, tokens

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
    # --- what protects an account ---
    path("protecao/", protection.overview, name="mfa_index"),
    path("protecao/fechar/", protection.close, name="account_close"),
    path("fechada/por-voce/", protection.closed, name="account_closed"),
    path("protecao/aparelhos/", protection.devices, name="usersessions_list"),
    path("protecao/aparelhos/<int:pk>/encerrar/", protection.device_end, name="device_end"),
    path("protecao/programas/", tokens.tokens, name="tokens"),
    path("protecao/programas/<int:pk>/encerrar/", tokens.token_end, name="token_end"),
    path("protecao/email/", protection.email, name="email_change"),
    path("email/<str:token>/", protection.email_confirm, name="email_confirm"),
    path("parar/<str:token>/", protection.reset_stop, name="second_factor_reset_stop"),
    path("entrar/segunda-etapa/", mfa.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("entrar/chave/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("confirmar/codigo/", mfa.ReauthenticateView.as_view(), name="mfa_reauthenticate"),
    path("confirmar/chave/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("protecao/aplicativo/", totp.activate_totp, name="mfa_activate_totp"),
    path("protecao/aplicativo/desligar/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("protecao/codigos/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("protecao/codigos/novos/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("protecao/codigos/baixar/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("protecao/chaves/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("protecao/chaves/nova/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("protecao/chaves/<int:pk>/apagar/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("protecao/chaves/<int:pk>/nome/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]
