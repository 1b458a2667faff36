# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.governance import views

app_name = "governance"
urlpatterns = [
    path("decisoes/", views.motions, name="motions"),
    path("decisoes/nova/", views.new_motion, name="new_motion"),
    path("decisoes/<int:motion_id>/", views.motion, name="motion"),
    path("decisoes/<int:motion_id>/respostas/<int:enterprise_id>/", views.answer, name="answer"),
    path("decisoes/<int:motion_id>/retirar/", views.withdraw, name="withdraw"),
    path("decisoes/<int:motion_id>/encerrar/", views.close, name="close"),
]
