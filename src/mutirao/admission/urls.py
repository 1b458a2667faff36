# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.admission.views import requests, rules, standing

app_name = "admission"
_ENTERPRISE = "admissao/empreendimentos/<int:pk>/"
urlpatterns = [
    path("admissao/", requests.requests, name="requests"),
    path("admissao/<int:number>/", requests.request_page, name="request"),
    path("admissao/<int:number>/examinar/", requests.review, name="review"),
    path("admissao/<int:number>/quem-examina/", requests.reviewers, name="reviewers"),
    path("admissao/<int:number>/de-quem/", requests.whose, name="whose"),
    path("admissao/<int:number>/impedimento/", requests.conflict, name="conflict"),
    path("admissao/<int:number>/perguntar/", requests.ask, name="ask"),
    path("admissao/<int:number>/perguntas/<int:pk>/retirar/", requests.question_withdraw, name="question_withdraw"),
    path("admissao/<int:number>/assembleia/", requests.decide, name="decide"),
    path("admissao/<int:number>/referencia/", requests.show, name="show"),
    path("admissao/<int:number>/documentos/<int:pk>/", requests.file, name="file"),
    path("admissao/<int:number>/novo-endereco/", requests.new_link, name="new_link"),
    path(_ENTERPRISE, standing.standing, name="standing"),
    path(_ENTERPRISE + "fundador/", standing.founder, name="founder"),
    path(_ENTERPRISE + "pedido/", standing.propose, name="propose"),
    path(_ENTERPRISE + "certificar/", standing.certify, name="certify"),
    path(_ENTERPRISE + "renovar/", standing.renew, name="renew"),
    path(_ENTERPRISE + "certificados/<int:number>/", standing.certificate_file, name="certificate_file"),
    path(_ENTERPRISE + "suspender/", standing.suspend, name="suspend"),
    path(_ENTERPRISE + "excluir/", standing.exclude, name="exclude"),
    path(_ENTERPRISE + "sair/", standing.leave, name="leave"),
    path(_ENTERPRISE + "medidas/<int:measure_pk>/<slug:what>/", standing.measure, name="measure"),
    path("admissao/recursos/<int:pk>/", standing.appeal, name="appeal"),
    path("regras/entrada/", rules.rules, name="rules"),
    path("regras/entrada/criterios/novo/", rules.criterion, name="criterion_new"),
    path("regras/entrada/criterios/<slug:code>/", rules.criterion, name="criterion"),
    path("regras/entrada/encerrar-fundacao/", rules.close_founding, name="close_founding"),
]
