# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network with something of everything that the API tells of."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.admission import makers
from tests.purchasing import factories as buying
from tests.site.api.asking import secret_of, with_role

from mutirao.admission.models import Certificate
from mutirao.kernel import tenancy
from mutirao.network.models import Person
from mutirao.payments.operations import issue_charge
from mutirao.purchasing.models import Need, Participation

MARK = "Segredo-da-rede"
LEAST_CALLS = 10


def furnished(network: Any, coordinator: Any) -> dict[str, Any]:
    """Fill a network; the parameters of the API's paths by name, and `person`: who may do everything with it."""
    factories.second_factor(Person.objects.get(pk=coordinator.person_id))
    group = factories.enterprise(name=f"{MARK} empreendimento")
    products = [factories.product(name=f"{MARK} farinha"), factories.product(name=f"{MARK} sacola", unit="un")]
    round_ = buying.open_round(network, coordinator, products=products, title=f"{MARK} rodada")
    treasurer = factories.actor(network, "treasury")
    factories.second_factor(Person.objects.get(pk=treasurer.person_id))
    charge = issue_charge(group, amount_minor=12_345, title=f"{MARK} cobrança", actor=treasurer)
    makers.admitted(network, coordinator)
    person = with_role("coordination")
    factories.role(person, "treasury")
    factories.role(person, "enterprise_coordinator", group)
    return {
        "slug": network.slug, "enterprise_id": group.pk, "number": round_.number, "charge_id": charge.pk,
        "code": Certificate.objects.get().code, "person": person,
        "goods": [(good.pk, good.product.unit) for good in round_.goods.select_related("product")],
    }  # fmt: skip


def body_of(operation: str, samples: dict[str, Any], *, version: int = 0) -> Any:
    """What is sent to an operation, right for this network."""
    if operation == "decline_round":
        return {"version": version + 1}
    if operation == "enter_needs":
        items = [{"good": pk, "quantity": {"amount": "10", "unit": unit}} for pk, unit in samples["goods"]]
        return {"version": version, "items": items}
    raise AssertionError(f"say in tests/site/api/stage.py what is sent to {operation}")


def secret_of_insider(samples: dict[str, Any], *, reads_only: bool = False) -> str:
    return secret_of(samples["person"], reads_only=reads_only)


def kept(samples: dict[str, Any]) -> Any:
    """What nobody but its own people may change."""
    with tenancy.unscoped("what is compared before and after"):
        answers = Participation.objects.filter(enterprise=samples["enterprise_id"]).values_list("state", "version")
        return [*answers, Need.objects.count()]
