# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network module, which knows no notices, has to tell: that accounts are protected less."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _t

from mutirao.kernel import clock, formats
from mutirao.kernel.events import inside
from mutirao.kernel.work import acting
from mutirao.network import recovery
from mutirao.network.events import AccountRulesLoosened, SlowResetConfirmed
from mutirao.network.models import Network, SecondFactorReset
from mutirao.network.roles import COORDINATION, COUNCIL
from mutirao.notices import kinds
from mutirao.notices.operations import Said, notify
from mutirao.notices.queries import people_with_roles

ACCOUNTS = kinds.declare("network.accounts", "", email=kinds.NOW, push=True, waits=True, urgent=True, is_listed=False)
"""Whoever could be robbed of an account, or watches over it, does not choose not to hear."""


@inside(AccountRulesLoosened)
def tell_rules_loosened(event: AccountRulesLoosened) -> None:
    """Everybody with a role that is or was protected hears what is asked less, and the fiscal council."""
    network = Network.objects.get(pk=event.network_id)
    before, after = recovery.Asked(**event.before), recovery.Asked(**event.after)
    by = acting(event.network_id)
    notify(
        people_with_roles({*before.second_factor_roles, *after.second_factor_roles, COORDINATION, COUNCIL}),
        kind=ACCOUNTS,
        key=f"network.rules_loosened:{clock.now():%Y%m%d%H%M%S%f}",
        words=lambda: Said(
            _t("As contas da rede ficaram menos protegidas"),
            " ".join(
                [
                    *recovery.loosened_words(before, after),
                    _t("Foi decisão de %(who)s. Se você não sabia, fale com a coordenação.") % {"who": by.name},
                ]
            ),
        ),
        path=reverse("network:team", kwargs={"slug": network.slug}),
        source=("network.network", network.pk),
        actor=by,
    )


@inside(SlowResetConfirmed)
def tell_slow_reset(event: SlowResetConfirmed) -> None:
    """The coordination and the fiscal council hear of a reset that not two people of long standing vouch for."""
    reset = SecondFactorReset.objects.select_related("network", "person", "asked_by", "confirmed_by").get(
        pk=event.reset_id
    )
    notify(
        people_with_roles({COORDINATION, COUNCIL}),
        kind=ACCOUNTS,
        key=f"network.slow_reset:{reset.pk}",
        words=lambda: Said(
            _t("Vão refazer a confirmação em duas etapas de %(person)s") % {"person": reset.person},
            _t(
                "%(asked)s pediu e %(confirmed)s confirmou, com pouco tempo de coordenação. Será feito depois de "
                "%(moment)s. Fale com %(person)s de viva voz; se algo não estiver certo, pare o pedido nesta página."
            )
            % {
                "asked": reset.asked_by,
                "confirmed": reset.confirmed_by,
                "person": reset.person,
                "moment": formats.moment(reset.not_before or reset.asked_at),
            },
        ),
        path=reverse("network:person", kwargs={"slug": reset.network.slug, "pk": reset.person_id}),
        source=("network.person", reset.person_id),
        actor=acting(event.network_id),
    )
