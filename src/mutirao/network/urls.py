# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of the network module, below /rede/<slug>/."""

from __future__ import annotations

from django.urls import include, path

from mutirao.network.views import audit, enterprises, invitations, people, settings, team

app_name = "network"
urlpatterns = [
    path("empreendimentos/", enterprises.enterprises, name="enterprises"),
    path("empreendimentos.xlsx", enterprises.enterprises_file, {"kind": "xlsx"}, name="enterprises_xlsx"),
    path("empreendimentos.csv", enterprises.enterprises_file, {"kind": "csv"}, name="enterprises_csv"),
    path("empreendimentos/novo/", enterprises.enterprise_new, name="enterprise_new"),
    path("empreendimentos/nomes/", enterprises.enterprise_names, name="enterprise_names"),
    path("empreendimentos/<int:pk>/", enterprises.enterprise, name="enterprise"),
    path("empreendimentos/<int:pk>/mudar/", enterprises.enterprise_edit, name="enterprise_edit"),
    path("empreendimentos/<int:pk>/situacao/", enterprises.enterprise_activity, name="enterprise_activity"),
    path("empreendimentos/<int:pk>/contatos/novo/", enterprises.contact, name="contact_new"),
    path("empreendimentos/<int:pk>/contatos/<int:contact_pk>/", enterprises.contact, name="contact_edit"),
    path(
        "empreendimentos/<int:pk>/contatos/<int:contact_pk>/apagar/", enterprises.contact_remove, name="contact_remove"
    ),
    path("municipios/", enterprises.municipalities, name="municipalities"),
    path("pessoas/", people.people, name="people"),
    path("pessoas/<int:pk>/", people.person, name="person"),
    path("pessoas/convidar/", invitations.invite, name="invite"),
    path("pessoas/convites/<int:pk>/cancelar/", invitations.invitation_revoke, name="invitation_revoke"),
    path("papeis/", people.roles, name="roles"),
    path("papeis/<int:pk>/encerrar/", people.role_end, name="role_end"),
    path("pessoas/<int:pk>/desligar/", team.dismiss, name="dismiss"),
    path("pessoas/<int:pk>/segunda-etapa/", team.reset_ask, name="reset_ask"),
    path("pessoas/<int:pk>/segunda-etapa/decidir/", team.reset_decide, name="reset_decide"),
    path("equipe/", team.team, name="team"),
    path("equipe/delegar/", team.leave_roles, name="leave_roles"),
    path("equipe/delegar/<int:pk>/encerrar/", team.delegation_end, name="delegation_end"),
    path("regras/contas/", team.account_rules, name="account_rules"),
    path("registro/", audit.audit, name="audit"),
    path("registro/conferir/", audit.audit_check, name="audit_check"),
    path("importar/", include("mutirao.network.importing.urls")),
    path("regras/", settings.settings, name="settings"),
]
