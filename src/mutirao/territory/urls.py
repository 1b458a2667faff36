# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.territory.views import chain, corrections, partners

app_name = "territory"
OWN = "empreendimentos/<int:pk>/produz-e-usa/"
urlpatterns = [
    path("territorio/", chain.territory_map, name="map"),
    path("territorio/mapa.pdf", chain.map_pdf, name="map_pdf"),
    path("territorio/o-que-falta/", chain.missing, name="missing"),
    path("territorio/o-que-falta.xlsx", chain.missing_file, {"kind": "xlsx"}, name="missing_xlsx"),
    path("territorio/o-que-falta.csv", chain.missing_file, {"kind": "csv"}, name="missing_csv"),
    path(OWN, chain.links, name="links"),
    path(OWN + "mais/", chain.link_new, name="link_new"),
    path(OWN + "<int:link_pk>/", chain.link_edit, name="link_edit"),
    path(OWN + "<int:link_pk>/apagar/", chain.link_remove, name="link_remove"),
    path("parceiros/", partners.partners, name="actors"),
    path("parceiros/prazos.ics", partners.deadlines, name="deadlines"),
    path("parceiros/novo/", partners.partner_new, name="actor_new"),
    path("parceiros/<int:pk>/", partners.partner, name="actor"),
    path("parceiros/<int:pk>/mudar/", partners.partner_edit, name="actor_edit"),
    path("parceiros/<int:pk>/situacao/", partners.partner_activity, name="actor_activity"),
    path("parceiros/<int:pk>/pessoas/nova/", partners.person_new, name="person_new"),
    path("parceiros/<int:pk>/pessoas/<int:person_pk>/apagar/", partners.person_forget, name="person_forget"),
    path("parceiros/<int:pk>/combinados/novo/", partners.agreement_new, name="agreement_new"),
    path("parceiros/<int:pk>/combinados/<int:agreement_pk>/papel/", partners.agreement_file, name="agreement_file"),
    path("parceiros/<int:pk>/conversas/nova/", partners.meeting_new, name="meeting_new"),
    path("parceiros/<int:pk>/proximo-passo/", partners.next_step, name="next_step"),
    path("parceiros/<int:pk>/proximo-passo/feito/", partners.next_step_done, name="next_step_done"),
    path("parceiros/<int:pk>/proximo-passo/retirar/", corrections.step_drop, name="next_step_drop"),
    path("parceiros/<int:pk>/chamadas/nova/", partners.call_new, name="call_new"),
    path("chamadas/<int:pk>/", partners.call_edit, name="call_edit"),
    path("chamadas/<int:pk>/riscar/", corrections.strike, {"kind": "call"}, name="call_strike"),
    path("chamadas/<int:pk>/voltar/", corrections.bring_back, {"kind": "call"}, name="call_bring_back"),
    path("combinados/<int:pk>/", corrections.agreement_edit, name="agreement_edit"),
    path("combinados/<int:pk>/riscar/", corrections.strike, {"kind": "agreement"}, name="agreement_strike"),
    path("combinados/<int:pk>/voltar/", corrections.bring_back, {"kind": "agreement"}, name="agreement_bring_back"),
    path("conversas/<int:pk>/", corrections.meeting_edit, name="meeting_edit"),
    path("conversas/<int:pk>/riscar/", corrections.strike, {"kind": "meeting"}, name="meeting_strike"),
    path("conversas/<int:pk>/voltar/", corrections.bring_back, {"kind": "meeting"}, name="meeting_bring_back"),
    path("conversas/<int:pk>/reabrir/", corrections.step_reopen, name="next_step_reopen"),
]
