# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network with something of everything that the API tells of."""

from __future__ import annotations

from typing import Any

from tests import factories
from tests.site.api.asking import secret_of, with_role

from mutirao.kernel import tenancy
from mutirao.network.models import AccessToken

MARK = "Segredo-da-rede"
LEAST_CALLS = 2


def furnished(network: Any, coordinator: Any) -> dict[str, Any]:
    """Fill a network; the parameters of the API's paths by name."""
    group = factories.enterprise(name=f"{MARK} empreendimento")
    return {"slug": network.slug, "enterprise_id": group.pk}


def body_of(operation: str, samples: dict[str, Any]) -> Any:
    """What is sent to an operation, right for this network."""
    raise AssertionError(f"say in tests/site/api/stage.py what is sent to {operation}")


def secret_of_insider(samples: dict[str, Any], *, reads_only: bool = False) -> str:
    return secret_of(with_role("coordination"), reads_only=reads_only)


def kept(samples: dict[str, Any]) -> Any:
    """What nobody but its own people may change."""
    with tenancy.unscoped("what is compared before and after"):
        return AccessToken.objects.filter(ended_at__isnull=False).count()
