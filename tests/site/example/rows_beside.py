# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of the kinds that the example's story leaves out, so that every address of a row has one to be asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from tests import factories

from mutirao.admission.models import Application, Criterion, Evidence, Measure, Question
from mutirao.catalogue.models import Supplier
from mutirao.governance.operations import put_motion
from mutirao.kernel import clock
from mutirao.ledger.models import Book
from mutirao.memory.models import Moment, Portrayal
from mutirao.network.models import Delegation, Enterprise, Invitation, Person, RoleAssignment, SecondFactorReset
from mutirao.notices.models import Device, Notice
from mutirao.payments.models import BankStatement, Bill, BillPayment
from mutirao.purchasing.models import PurchaseRound, QuoteFile, QuoteRequest, Receipt, ReceiptPhoto, RoundGood
from mutirao.territory.models import Agreement, Meeting, Partner, PartnerPerson, PublicCall

OWN = 9001
"""A number that nothing in the example has: numbers run in each network by itself."""


def make_rows_beside(*whose: Person) -> None:
    """One row of each such kind in the active network; what is somebody's own, for each of these people."""
    today, tomorrow = clock.today(), clock.now() + dt.timedelta(days=1)
    round_ = PurchaseRound.objects.filter(state=PurchaseRound.State.QUOTING).latest("number")
    asked = QuoteRequest.objects.create(
        round=round_, supplier=Supplier.objects.first(), token_hash="0" * 64, salt="0" * 32, answer_until=tomorrow
    )
    QuoteFile.objects.create(request=asked, file=_paper(), name="papel.txt", content_type="text/plain", size=5)
    ReceiptPhoto.objects.create(receipt=Receipt.objects.first(), image=_paper())
    BankStatement.objects.create(file_name="marco.csv", content=b"Data;Valor", digest="0" * 64)
    Portrayal.objects.create(moment=Moment.objects.first(), name="Dona Zefa")
    Agreement.objects.create(
        partner=Partner.objects.first(), text="Ceder o galpão", since=today, file=_paper(), file_type="text/plain"
    )
    Evidence.objects.create(application=Application.objects.first(), file=_paper(), content_type="text/plain")
    Criterion.objects.create(code="so-desta-rede", title="Só desta rede", source=Criterion.Source.NETWORK)
    Invitation.objects.create(token_hash="0" * 64, role="coordination", expires_at=tomorrow)
    held = RoleAssignment.objects.first()
    Delegation.objects.create(assignment=held, to_person=whose[0], since=today, until=tomorrow.date(), reason="Férias")
    SecondFactorReset.objects.create(person=held.person, asked_by=whose[0], reason="Perdeu o celular")
    for person in whose:
        Notice.objects.create(person=person, kind="tests", key="beside", title="Olá")
        Device.objects.create(person=person, endpoint="https://push.example", endpoint_hash="0" * 64)


def make_parents(slug: str, enterprise: Enterprise) -> list[str]:
    """One row of each kind that others hang on, in the active network; their addresses."""
    moment = Moment.objects.create(title="Feira", kind="feast", day=clock.today())
    partner = Partner.objects.create(name="Sindicato", kind="union")
    bill = Bill.objects.create(supplier=factories.supplier(), title="Nota 1", amount_minor=100, due_on=clock.today())
    book = Book.objects.create(name="Livro")
    chair = factories.actor(enterprise.network, "coordination")
    motion = put_motion("Comprar juntos?", enterprises=[enterprise], actor=chair)
    Application.objects.create(
        number=OWN, token_hash="1" * 64, name="Grupo", contact_name="Rosa", legal_form="informal"
    )
    PurchaseRound.objects.create(
        number=OWN,
        title="Farinhas",
        state=PurchaseRound.State.QUOTING,
        needs_until=clock.now(),
        link_token="1" * 10,
        allocation_rule="proportional",
        freight_rule="value",
        fee_rule="value",
    )
    own = {
        "admission:request": OWN, "admission:standing": enterprise.pk, "governance:motion": motion.pk,
        "ledger:book": book.pk, "memory:moment": moment.pk, "network:enterprise": enterprise.pk,
        "payments:bill": bill.pk, "purchasing:round": OWN, "territory:actor": partner.pk,
    }  # fmt: skip
    return [reverse(view, args=(slug, key)) for view, key in own.items()]


def _paper() -> ContentFile[bytes]:
    return ContentFile(b"papel", "papel.txt")


def addresses_beside(slug: str) -> list[str]:
    """The active network's addresses of these rows, and of others to which no page of the example leads by a link."""
    found: list[str] = []

    def add(view: str, rows: Any, *fields: str, then: tuple[str, ...] = ()) -> None:
        found.extend(reverse(view, args=(slug, *values, *then)) for values in rows.values_list(*fields)[:2])

    add("admission:file", Evidence.objects.exclude(file=""), "application__number", "pk")
    add("admission:question_withdraw", Question.objects.all(), "application__number", "pk")
    add("admission:measure", Measure.objects.all(), "enterprise_id", "pk", then=("encerrar",))
    add("admission:criterion", Criterion.objects.filter(source=Criterion.Source.NETWORK), "code")
    for act in ("consent", "withdraw", "person_forget"):
        add(f"memory:{act}", Portrayal.objects.all(), "moment_id", "pk")
    add("network:delegation_end", Delegation.objects.all(), "pk")
    add("network:invitation_revoke", Invitation.objects.all(), "pk")
    add("network:reset_decide", SecondFactorReset.objects.all(), "person_id")
    add("notices:open", Notice.objects.filter(key="beside"), "pk")
    add("notices:device_remove", Device.objects.all(), "pk")
    add("payments:statement", BankStatement.objects.all(), "pk")
    add("payments:reverse_bill_payment", BillPayment.objects.all(), "bill_id", "pk")
    add("purchasing:quote_file", QuoteFile.objects.all(), "request__round__number", "pk")
    for act in ("request", "request_renew", "request_extend", "request_revoke"):
        add(f"purchasing:{act}", QuoteRequest.objects.all(), "round__number", "pk")
    orders = ("receipt__order__round__number", "receipt__order__number")
    add("purchasing:photo", ReceiptPhoto.objects.all(), *orders, "pk")
    add("purchasing:round_good", RoundGood.objects.order_by("-pk"), "round__number", "pk")
    add("territory:agreement_file", Agreement.objects.exclude(file=""), "partner_id", "pk")
    add("territory:agreement_edit", Agreement.objects.all(), "pk")
    add("territory:meeting_edit", Meeting.objects.all(), "pk")
    add("territory:call_edit", PublicCall.objects.all(), "pk")
    add("territory:person_forget", PartnerPerson.objects.all(), "partner_id", "pk")
    return found
