# SPDX-License-Identifier: AGPL-3.0-or-later
"""What import contracts do not see: string foreign keys, and tenant rows without a network."""

from __future__ import annotations

from django.apps import apps

from mutirao.kernel.tenancy import TenantModel

LEVEL = {
    "kernel": 0,
    "network": 1,
    "notices": 2,
    "catalogue": 3,
    "admission": 4,
    "territory": 4,
    "memory": 4,
    "ledger": 5,
    "governance": 5,
    "payments": 5,
    "treasury": 6,
    "purchasing": 7,
    "site": 8,
}
INSTALLATION_WIDE = {"network.AccessToken", "network.Person", "network.Network", "network.Municipality"}


def test_foreign_keys_point_down() -> None:
    upward = []
    for model in apps.get_models():
        if model._meta.app_label not in LEVEL:
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if target is None or isinstance(target, str) or target._meta.app_label not in LEVEL:
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if there != here and LEVEL[there] >= LEVEL[here]:
                upward.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert upward == []


def test_every_row_belongs_to_a_network() -> None:
    strays = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in LEVEL
        and model._meta.app_label != "kernel"
        and not issubclass(model, TenantModel)
        and model._meta.label not in INSTALLATION_WIDE
        and not model._meta.auto_created
    ]
    assert strays == []
