# SPDX-License-Identifier: AGPL-3.0-or-later
"""What notices refuse, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, InvalidValue, NotFound


class NotYourOwn(NotFound):
    """Notices and choices are each person's own."""

    code = "not_your_own"


class DeviceNotTaken(InvalidValue):
    code = "device_not_taken"
    message = _("Este navegador não deu um endereço que se possa usar para avisos.")
    next_step = _("Atualize o navegador e tente de novo, ou use o e-mail.")


class StopLinkUnknown(DomainError):
    code = "stop_link_unknown"
    status = 404
    message = _("Este endereço para parar os avisos não vale.")
    next_step = _("Entre no Mutirão e mude os avisos na sua conta.")


class ShortLinkUnknown(NotFound):
    code = "short_link_unknown"
    message = _("Este endereço curto não existe ou já não vale.")
    next_step = _("Peça outro a quem mandou, ou procure a página no menu.")
