# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of purchase rounds, below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.purchasing.views import (
    award,
    goods,
    later_stages,
    needs,
    orders,
    quote_requests,
    quotes,
    rounds,
    settings,
    sharing,
    steering,
)

app_name = "purchasing"
STAGES = later_stages
"""Imported so that its panels and next steps are registered."""

urlpatterns = [
    path("rodadas/", rounds.round_list, name="rounds"),
    path("rodadas/agenda/", rounds.agenda, name="agenda"),
    path("rodadas/nova/", steering.new_round, name="round_new"),
    path("rodadas/<int:number>/", rounds.round_detail, name="round"),
    path("rodadas/<int:number>/historia/", rounds.round_history, name="round_history"),
    path("rodadas/<int:number>/divulgar/", rounds.round_share, name="round_share"),
    path("rodadas/<int:number>/editar/", steering.edit_round, name="round_edit"),
    path("rodadas/<int:number>/abrir/", steering.open_round, name="round_open"),
    path("rodadas/<int:number>/prorrogar/", steering.extend_round, name="round_extend"),
    path("rodadas/<int:number>/fechar-pedidos/", steering.close_needs, name="round_close"),
    path("rodadas/<int:number>/reabrir/", steering.reopen_round, name="round_reopen"),
    path("rodadas/<int:number>/cancelar/", steering.cancel_round, name="round_cancel"),
    path("rodadas/<int:number>/convidar/", steering.invite_enterprise, name="round_invite"),
    path("rodadas/<int:number>/produtos/", goods.goods_list, name="round_goods"),
    path("rodadas/<int:number>/produtos/<int:good_id>/", goods.edit_good, name="round_good"),
    # Needs
    path("rodadas/<int:number>/meu-pedido/", needs.own_needs, name="own_needs"),
    path("rodadas/<int:number>/pedidos/", needs.consolidated, name="needs"),
    path("rodadas/<int:number>/pedidos/empreendimentos/", needs.by_enterprise, name="needs_by_enterprise"),
    path("rodadas/<int:number>/pedidos/quem-falta/", needs.call_list, name="needs_missing"),
    path("rodadas/<int:number>/pedidos/produto/<int:good_id>/", needs.by_good, name="needs_of_good"),
    path("rodadas/<int:number>/pedidos/planilha.xlsx", needs.export_xlsx, name="needs_xlsx"),
    path("rodadas/<int:number>/pedidos/tabela.xlsx", needs.matrix_xlsx, name="needs_matrix"),
    path("rodadas/<int:number>/pedidos/planilha.csv", needs.export_csv, name="needs_csv"),
    path("rodadas/<int:number>/pedidos/<int:enterprise_id>/", needs.need_list, name="need_list"),
    path("rodadas/<int:number>/pedidos/<int:enterprise_id>/resumo/", needs.need_summary, name="need_summary"),
    path("rodadas/<int:number>/pedidos/<int:enterprise_id>/nao-participar/", needs.decline, name="need_decline"),
    # Quotes
    path("rodadas/<int:number>/cotacoes/", quotes.comparison, name="quotes"),
    path("rodadas/<int:number>/cotacoes/nova/", quotes.new_quote, name="quote_new"),
    path("rodadas/<int:number>/cotacoes/pedir/", quotes.quote_request, name="quote_request"),
    path("rodadas/<int:number>/cotacoes/pedido.xlsx", quotes.quote_request_xlsx, name="quote_request_xlsx"),
    path("rodadas/<int:number>/cotacoes/<int:quote_id>/", quotes.quote_detail, name="quote"),
    path("rodadas/<int:number>/cotacoes/<int:quote_id>/editar/", quotes.edit_quote, name="quote_edit"),
    path("rodadas/<int:number>/cotacoes/<int:quote_id>/retirar/", quotes.withdraw_quote, name="quote_withdraw"),
    path("rodadas/<int:number>/cotacoes/links/", quote_requests.request_list, name="requests"),
    path("rodadas/<int:number>/cotacoes/links/novo/", quote_requests.ask, name="request_new"),
    path("rodadas/<int:number>/cotacoes/links/<int:request_id>/", quote_requests.request_detail, name="request"),
    path("rodadas/<int:number>/cotacoes/links/<int:request_id>/trocar/", quote_requests.renew, name="request_renew"),
    path("rodadas/<int:number>/cotacoes/links/<int:request_id>/prazo/", quote_requests.extend, name="request_extend"),
    path(
        "rodadas/<int:number>/cotacoes/links/<int:request_id>/cancelar/", quote_requests.revoke, name="request_revoke"
    ),
    path("rodadas/<int:number>/cotacoes/arquivo/<int:file_id>/", quote_requests.quote_file, name="quote_file"),
    # Award and approval
    path("rodadas/<int:number>/comparar/", award.award, name="award"),
    path("rodadas/<int:number>/comparar/calcular/", award.compute, name="award_compute"),
    path("rodadas/<int:number>/comparar/escolher/", award.choose, name="award_choose"),
    path("rodadas/<int:number>/comparar/divisao/", award.split, name="split"),
    path("rodadas/<int:number>/aprovacao/", orders.put_to_approval, name="approval"),
    path("rodadas/<int:number>/aprovacao/retirar/", orders.withdraw_approval, name="approval_withdraw"),
    # Orders and receipts
    path("rodadas/<int:number>/encomendas/", orders.order_list, name="orders"),
    path("rodadas/<int:number>/encomendas/<str:order_number>/", orders.order, name="order"),
    path("rodadas/<int:number>/encomendas/<str:order_number>/pedido.pdf", orders.order_pdf, name="order_pdf"),
    path("rodadas/<int:number>/encomendas/<str:order_number>/pedido.xlsx", orders.order_xlsx, name="order_xlsx"),
    path("rodadas/<int:number>/encomendas/<str:order_number>/enviado/", orders.mark_sent, name="order_sent"),
    path("rodadas/<int:number>/encomendas/<str:order_number>/cancelar/", orders.cancel_order, name="order_cancel"),
    path("rodadas/<int:number>/encomendas/<str:order_number>/chegou/", orders.receive, name="receive"),
    path("rodadas/<int:number>/encomendas/<str:order_number>/foto/<int:photo_id>/", orders.photo, name="photo"),
    # Sharing and accounts
    path("rodadas/<int:number>/partilha/", sharing.distribution_list, name="distribution"),
    path("rodadas/<int:number>/custos/", sharing.costs, name="costs"),
    path("rodadas/<int:number>/custos/desfazer/", sharing.undo_charging, name="undo_charging"),
    path("rodadas/<int:number>/contas/", sharing.accounts, name="accountability"),
    path("rodadas/<int:number>/contas/<int:enterprise_id>/", sharing.share, name="share"),
    # The network's rules for its rounds
    path("compras/regras/", settings.purchasing_settings, name="settings"),
    path("compras/locais/novo/", settings.new_place, name="place_new"),
    path("compras/locais/<int:place_id>/", settings.edit_place, name="place"),
    path("compras/locais/<int:place_id>/apagar/", settings.remove_place, name="place_remove"),
]
