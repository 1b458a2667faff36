# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this module puts on an enterprise's page, on a product's, and on the trail's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Product
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import Words
from mutirao.network import panels, trail
from mutirao.network.models import Enterprise
from mutirao.territory import permissions, queries
from mutirao.territory.models import ChainLink, Partner, PublicCall
from mutirao.territory.templatetags.territory import month_names


def chain_of_enterprise(actor: Actor, enterprise: Enterprise) -> panels.Panel | None:
    """What an enterprise makes and uses."""
    if not actor.can_somewhere(permissions.SEE_TERRITORY):
        return None
    context = {
        "links": queries.links_of(enterprise, actor),
        "may_edit": actor.can(permissions.EDIT_CHAIN, enterprise),
    }
    return panels.Panel(_("O que produz e o que usa"), "territory/_enterprise_panel.html", context)


def partners_of_enterprise(actor: Actor, enterprise: Enterprise) -> panels.Panel | None:
    """The actors of the territory that walk with an enterprise."""
    partners = list(queries.partners_visible_to(actor).filter(is_active=True, enterprises=enterprise))
    if not partners:
        return None
    return panels.Panel(_("Parceiros do território"), "territory/_partners_panel.html", {"partners": partners})


def chain_of_product(actor: Actor, product: Product) -> panels.Panel | None:
    """Who makes a product and who uses it."""
    links = list(queries.links_visible_to(actor).filter(product=product, enterprise__is_active=True))
    if not links:
        return None
    return panels.Panel(_("Quem produz e quem usa"), "territory/_product_panel.html", {"links": links})


def _months(mask: int) -> Words:
    return month_names(ChainLink(season=int(mask)).months) or _("o ano todo")


panels.register("enterprise", chain_of_enterprise, order=15)
panels.register("enterprise", partners_of_enterprise, order=60)
panels.register("product", chain_of_product, order=20)
trail.describe(
    acts={
        "territory.link_added": _("Disse o que um empreendimento produz ou usa"),
        "territory.link_edited": _("Mudou o que um empreendimento produz ou usa"),
        "territory.link_removed": _("Apagou o que um empreendimento produzia ou usava"),
        "territory.partner_added": _("Cadastrou um parceiro do território"),
        "territory.partner_edited": _("Mudou um parceiro do território"),
        "territory.partner_put_away": _("Tirou um parceiro da lista"),
        "territory.partner_brought_back": _("Trouxe um parceiro de volta"),
        "territory.partner_person_added": _("Anotou com quem falar num parceiro"),
        "territory.partner_person_forgotten": _("Apagou os dados de uma pessoa de um parceiro"),
        "territory.agreed": _("Anotou um combinado com um parceiro"),
        "territory.met": _("Anotou uma conversa com um parceiro"),
        "territory.next_step_set": _("Marcou o próximo passo com um parceiro"),
        "territory.agreement_corrected": _("Corrigiu um combinado com um parceiro"),
        "territory.agreement_struck": _("Riscou um combinado com um parceiro"),
        "territory.agreement_brought_back": _("Trouxe de volta um combinado com um parceiro"),
        "territory.meeting_corrected": _("Corrigiu uma conversa com um parceiro"),
        "territory.meeting_struck": _("Riscou uma conversa com um parceiro"),
        "territory.meeting_brought_back": _("Trouxe de volta uma conversa com um parceiro"),
        "territory.next_step_edited": _("Mudou o próximo passo com um parceiro"),
        "territory.next_step_done": _("Fez o próximo passo com um parceiro"),
        "territory.next_step_dropped": _("Retirou o próximo passo com um parceiro"),
        "territory.next_step_reopened": _("Reabriu o próximo passo com um parceiro"),
        "territory.call_added": _("Cadastrou uma chamada pública"),
        "territory.call_edited": _("Mudou uma chamada pública"),
        "territory.call_struck": _("Riscou uma chamada pública"),
        "territory.call_brought_back": _("Trouxe de volta uma chamada pública"),
    },
    fields={
        "territory.kind": _("o que é"), "territory.until": _("até"),
        "direction": _("produz ou usa"), "per": _("Por mês ou por ano"), "season": _("meses"),
        "sold_to": _("quem compra"),
        "relationship": _("relação"), "kept_because": _("por que se guarda"), "held_on": _("quando"),
        "territory.partner": _("parceiro"), "territory.who": _("quem foi"), "territory.what": _("o que se conversou"),
        "territory.text": _("o que ficou combinado"), "territory.file_name": _("papel assinado"),
        "territory.number": _("número"), "territory.title": _("o que se compra"), "territory.link": _("edital"),
        "territory.by": _("quem faz"), "next_step_until": _("até"), "next_step_by": _("quem faz"),
        "next_step": _("próximo passo"), "how": _("como foi"), "closes_on": _("propostas até"),
        "opens_on": _("abre em"), "value_minor": _("valor"), "goods": _("produtos pedidos"), "outcome": _("como está"),
    },
    subjects={
        "territory.partner": trail.Subject(_("parceiro"), "territory:actor"),
        "territory.publiccall": trail.Subject(_("chamada pública"), "territory:call_edit"),
        "territory.agreement": trail.Subject(
            _("combinado"), "territory:agreement_edit", act=permissions.EDIT_PARTNERS
        ),
        "territory.meeting": trail.Subject(_("conversa"), "territory:meeting_edit", act=permissions.EDIT_PARTNERS),
        "territory.chainlink": trail.Subject(_("o que se produz e usa")),
    },
    values={
        "direction": trail.choice(ChainLink.Direction), "outcome": trail.choice(PublicCall.Outcome),
        "territory.kind": trail.choice(Partner.Kind), "per": trail.choice(ChainLink.Per), "season": _months,
        "value_minor": trail.amount,
    },
)  # fmt: skip
