# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.memory.views import kept, moments

app_name = "memory"
ONE = "memoria/<int:pk>/"
urlpatterns = [
    path("memoria/", moments.timeline, name="timeline"),
    path("memoria/contar/", moments.moment_new, name="moment_new"),
    path("memoria/livreto/", moments.booklet, name="booklet"),
    path(ONE, moments.moment, name="moment"),
    path(ONE + "mudar/", moments.moment_edit, name="moment_edit"),
    path(ONE + "publicar/", moments.moment_publish, name="moment_publish"),
    path(ONE + "recolher/", moments.moment_take_back, name="moment_take_back"),
    path(ONE + "apagar/", moments.moment_delete, name="moment_delete"),
    path(ONE + "arquivos/novo/", kept.keepsake_new, name="keepsake_new"),
    path(ONE + "arquivos/<int:kept>/", kept.keepsake_file, name="keepsake_file"),
    path(ONE + "arquivos/<int:kept>/mudar/", kept.keepsake_edit, name="keepsake_edit"),
    path(ONE + "arquivos/<int:kept>/apagar/", kept.keepsake_remove, name="keepsake_remove"),
    path(ONE + "pessoas/nova/", kept.person_new, name="person_new"),
    path(ONE + "pessoas/<int:person>/autorizacao/", kept.consent, name="consent"),
    path(ONE + "pessoas/<int:person>/retirar/", kept.withdraw, name="withdraw"),
    path(ONE + "pessoas/<int:person>/tirar-nome/", kept.person_forget, name="person_forget"),
]
