# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses that need no account: asking to join, the private link, checking a certificate."""

from __future__ import annotations

from django.urls import path

from mutirao.admission.views import public

urlpatterns = [
    path("associar/<slug:slug>/", public.start, name="admission_start"),
    path("pedido/<str:token>/", public.page, name="admission_link"),
    path("pedido/<str:token>/dados/", public.edit, name="admission_link_edit"),
    path("pedido/<str:token>/criterio/<int:pk>/", public.criterion, name="admission_link_criterion"),
    path("pedido/<str:token>/documento/", public.later_evidence, name="admission_link_evidence"),
    path("pedido/<str:token>/documento/<int:pk>/", public.file, name="admission_link_file"),
    path("pedido/<str:token>/documento/<int:pk>/retirar/", public.file_remove, name="admission_link_file_remove"),
    path("pedido/<str:token>/pergunta/<int:pk>/", public.reply, name="admission_link_reply"),
    path("pedido/<str:token>/enviar/", public.submit, name="admission_link_submit"),
    path("pedido/<str:token>/desistir/", public.withdraw, name="admission_link_withdraw"),
    path("pedido/<str:token>/recorrer/", public.appeal, name="admission_link_appeal"),
    path("pedido/<str:token>/entrar/", public.come_in, name="admission_link_come_in"),
    path("certificado/", public.certificate, name="certificate_check"),
    path("certificado/<str:code>/", public.certificate, name="certificate"),
]
