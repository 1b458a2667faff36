# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking suppliers for quotes by a link of their own, and what they answer by it, without an account.

The link's token is made from the installation's secret and the request's salt; the database keeps only its hash.
Whoever reads the database alone (a replica, a copy) can open no link, and the team can still show one again.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock, formats, once, tenancy, uploads
from mutirao.kernel.actors import Actor
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.work import emit, operation, record
from mutirao.purchasing import permissions
from mutirao.purchasing.errors import (
    AnswerDeadlinePassed,
    LinkRevoked,
    LinkUnknown,
    QuoteReplaced,
    RequestClosed,
    RequestIsOver,
    SuppliersMissing,
    TooManyFiles,
)
from mutirao.purchasing.events import QuotesChanged, SupplierAnswered, SuppliersAsked
from mutirao.purchasing.models import PurchaseRound, Quote, QuoteFile, QuoteRequest
from mutirao.purchasing.operations.quotes import (
    LineItem,
    QuoteTerms,
    require_open_to_quotes,
    take_out,
    write_quote,
)
from mutirao.purchasing.operations.taking import require_reason, require_same_network

TOKEN_BYTES = 15
"""120 bits: nobody guesses them, and the link stays short enough to be typed from a paper."""
READABLE = dt.timedelta(days=60)
"""How long after its deadline a link may still be read."""
MOST_FILES = 6
LARGEST_DRAFT = 200_000
"""Characters of a draft; a round of 300 goods with all its breaks takes about a fifth of it."""
MAIL_LEASE = dt.timedelta(minutes=10)


# --- the link --------------------------------------------------------------------------------------------------------


def hash_of(token: str) -> str:
    """What is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def _token(salt: str, issue: int) -> str:
    digest = salted_hmac("mutirao.purchasing.quote_request", f"{salt}:{issue}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def token_of(request_: QuoteRequest) -> str:
    """The token of a request's link; "" where the installation's secret changed since, and only a new link helps."""
    token = _token(request_.salt, request_.issue)
    return token if constant_time_compare(hash_of(token), request_.token_hash) else ""


def _give_token(request_: QuoteRequest) -> None:
    request_.salt = get_random_string(32)
    request_.token_hash = hash_of(_token(request_.salt, request_.issue))


def supplier_actor(request_: QuoteRequest, name: str = "") -> Actor:
    """The supplier acting by its link: it holds no role, the link alone lets it do what the link is for."""
    who = f"{request_.supplier.name} ({name.strip()[:80]})" if name.strip() else str(request_.supplier.name)
    return Actor(name=who, network_id=request_.network_id, via="link")


# --- for the team ----------------------------------------------------------------------------------------------------


@operation
def ask_for_quotes(
    round_: PurchaseRound,
    *,
    suppliers: Sequence[Supplier],
    answer_until: dt.datetime,
    actor: Actor,
    message: str = "",
) -> list[QuoteRequest]:
    """Give each supplier a link to answer by until a moment. Whoever has one already keeps it, so that the form sent
    twice asks once; a cancelled link is replaced by a new one.

    Raises: NotAllowed; NotFound; QuotesAreClosed; SuppliersMissing; AnswerDeadlinePassed.
    """
    actor.require(permissions.ENTER_QUOTES, round_)
    require_same_network(round_, *suppliers)
    fresh = lock(round_)
    require_open_to_quotes(fresh)
    _require_ahead(answer_until)
    if not suppliers:
        raise SuppliersMissing
    known = {row.supplier_id: row for row in QuoteRequest.objects.filter(round=fresh).select_for_update()}
    asked: list[QuoteRequest] = []
    for supplier in suppliers:
        row = known.get(supplier.pk)
        if row is not None and row.revoked_at is None:
            continue
        if row is None:
            row = QuoteRequest(network_id=fresh.network_id, round=fresh, supplier=supplier)
        else:
            _begin_again(row)
        row.answer_until, row.message, row.asked_by_id = answer_until, message.strip(), actor.person_id
        _give_token(row)
        row.save()
        asked.append(row)
    if asked:
        names = [row.supplier.name for row in asked]
        record(actor, "purchasing.suppliers_asked", fresh, suppliers=names, until=answer_until)
        emit(SuppliersAsked(fresh.network_id, fresh.pk, tuple(row.pk for row in asked)))
    return asked


@operation
def renew_link(request_: QuoteRequest, *, actor: Actor, answer_until: dt.datetime | None = None) -> QuoteRequest:
    """Send again: a new link ends the one before. What the supplier wrote stays.

    Raises: NotAllowed; QuotesAreClosed; AnswerDeadlinePassed.
    """
    actor.require(permissions.ENTER_QUOTES, request_)
    round_, fresh = lock_all([request_.round, request_])
    require_open_to_quotes(round_)
    if answer_until is not None:
        fresh.answer_until = answer_until
    _require_ahead(fresh.answer_until)
    _begin_again(fresh)
    _give_token(fresh)
    fresh.save()
    record(actor, "purchasing.link_renewed", round_, supplier=fresh.supplier.name, until=fresh.answer_until)
    emit(SuppliersAsked(fresh.network_id, round_.pk, (fresh.pk,)))
    return fresh  # type: ignore[no-any-return]


@operation
def extend_request(request_: QuoteRequest, *, answer_until: dt.datetime, actor: Actor) -> QuoteRequest:
    """Give a supplier another deadline, by the same link.

    Raises: NotAllowed; QuotesAreClosed; AnswerDeadlinePassed.
    """
    actor.require(permissions.ENTER_QUOTES, request_)
    round_, fresh = lock_all([request_.round, request_])
    require_open_to_quotes(round_)
    _require_ahead(answer_until)
    if fresh.answer_until != answer_until:
        fresh.answer_until = answer_until
        fresh.save(update_fields=["answer_until"])
        record(actor, "purchasing.request_extended", round_, supplier=fresh.supplier.name, until=answer_until)
    return fresh  # type: ignore[no-any-return]


@operation
def revoke_link(request_: QuoteRequest, *, reason: str, actor: Actor) -> QuoteRequest:
    """End a link; an answer that came by it stays.

    Raises: NotAllowed; ReasonMissing.
    """
    actor.require(permissions.ENTER_QUOTES, request_)
    said = require_reason(reason)
    round_, fresh = lock_all([request_.round, request_])
    if fresh.revoked_at is None:
        fresh.revoked_at = clock.now()
        fresh.save(update_fields=["revoked_at"])
        record(actor, "purchasing.link_revoked", round_, reason=said, supplier=fresh.supplier.name)
    return fresh  # type: ignore[no-any-return]


def _begin_again(row: QuoteRequest) -> None:
    row.issue += 1
    row.revoked_at = row.opened_at = row.mailing_at = row.mailed_at = None


def _require_ahead(moment: dt.datetime) -> None:
    if moment <= clock.now():
        raise AnswerDeadlinePassed


# --- the e-mail ------------------------------------------------------------------------------------------------------


def claim_mail(request_id: int, issue: int) -> QuoteRequest | None:
    """Take a link's e-mail to be sent, or None when it went out, is going out, or another link took its place."""
    moment = clock.now()
    free = Q(mailing_at__isnull=True) | Q(mailing_at__lt=moment - MAIL_LEASE)
    rows = QuoteRequest.objects.filter(
        free, pk=request_id, issue=issue, revoked_at__isnull=True, mailed_at__isnull=True
    )
    if not rows.update(mailing_at=moment):
        return None
    return QuoteRequest.objects.select_related("round__network", "supplier").get(pk=request_id)  # type: ignore[no-any-return]


def note_mail(request_: QuoteRequest, *, sent: bool) -> None:
    """Say how it went: sent, or to be tried again."""
    values: dict[str, Any] = {"mailed_at": clock.now()} if sent else {"mailing_at": None}
    QuoteRequest.objects.filter(pk=request_.pk, issue=request_.issue).update(**values)


# --- for the supplier ------------------------------------------------------------------------------------------------


@operation
def note_opening(request_: QuoteRequest, *, actor: Actor) -> None:
    """Remember when a link was first opened; opening it again changes nothing."""
    moment = clock.now()
    if QuoteRequest.objects.filter(pk=request_.pk, opened_at__isnull=True).update(opened_at=moment):
        request_.opened_at = moment
        record(actor, "purchasing.link_opened", request_.round, supplier=request_.supplier.name)


@operation
def save_draft(
    request_: QuoteRequest,
    *,
    token: str,
    draft: Mapping[str, list[str]],
    actor: Actor,
    files: Sequence[uploads.Upload] = (),
) -> QuoteRequest:
    """Keep what a supplier typed, as it was typed, to go on later from any device.

    Raises: LinkUnknown, LinkRevoked, RequestIsOver, RequestClosed, TooManyFiles.
    """
    _round, fresh = _take(request_, token)
    kept = dict(draft)
    if sum(len(name) + sum(map(len, values)) for name, values in kept.items()) <= LARGEST_DRAFT:
        fresh.draft, fresh.draft_at = kept, clock.now()
        fresh.save(update_fields=["draft", "draft_at"])
    _keep_files(fresh, files, actor)
    return fresh


@operation
def answer_request(
    request_: QuoteRequest,
    *,
    token: str,
    lines: Sequence[LineItem],
    terms: QuoteTerms,
    actor: Actor,
    seen: str = "",
    files: Sequence[uploads.Upload] = (),
    key: str = "",
) -> Quote:
    """Take a supplier's offer in as its quote; a correction is a new version, and the one before stays readable.

    `seen` is `version_of` the quote that the supplier began from; the same `key` again changes nothing.
    Raises: LinkUnknown, LinkRevoked, RequestIsOver, RequestClosed, QuoteReplaced, TooManyFiles; SeveralProblems with
    QuoteIsEmpty and QuoteValueWrong (`field` is "line-<index in lines>").
    """
    round_, fresh = _take(request_, token)
    if not once.first_time(f"purchasing.link_answer:{fresh.pk}", key, network_id=fresh.network_id):
        return Quote.objects.filter(round=round_, supplier=fresh.supplier_id).latest("pk")  # type: ignore[no-any-return]
    standing = standing_quote(fresh)
    if seen != version_of(standing):
        raise QuoteReplaced
    quote = write_quote(
        round_, supplier=fresh.supplier, lines=lines, terms=terms, actor=actor, origin=Quote.Origin.SUPPLIER,
        replaces=standing,
    )  # fmt: skip
    if standing is not None:
        why = _("O fornecedor mandou outra versão.")
        record(actor, "purchasing.quote_withdrawn", standing, reason=why, supplier=fresh.supplier.name)
    fresh.answered_at, fresh.declined_at, fresh.decline_reason = clock.now(), None, ""
    fresh.draft, fresh.draft_at = {}, None
    fresh.save(update_fields=["answered_at", "declined_at", "decline_reason", "draft", "draft_at"])
    _keep_files(fresh, files, actor)
    emit(SupplierAnswered(fresh.network_id, round_.pk, fresh.pk, declined=False))
    return quote


@operation
def decline_request(request_: QuoteRequest, *, token: str, actor: Actor, reason: str = "") -> QuoteRequest:
    """Note that a supplier does not supply this time; an offer that stood is taken out of the comparison.

    Raises: LinkUnknown, LinkRevoked, RequestIsOver, RequestClosed.
    """
    round_, fresh = _take(request_, token)
    if fresh.declined_at is not None:
        return fresh
    standing = standing_quote(fresh)
    if standing is not None:
        take_out(standing)
        why = _("O fornecedor disse que não fornece desta vez.")
        record(actor, "purchasing.quote_withdrawn", standing, reason=why, supplier=fresh.supplier.name)
        emit(QuotesChanged(fresh.network_id, round_.pk, standing.pk))
    fresh.declined_at, fresh.decline_reason = clock.now(), reason.strip()[:240]
    fresh.draft, fresh.draft_at = {}, None
    fresh.save(update_fields=["declined_at", "decline_reason", "draft", "draft_at"])
    record(
        actor, "purchasing.supplier_declined", round_, reason=fresh.decline_reason, supplier=fresh.supplier.name
    )  # fmt: skip
    emit(SupplierAnswered(fresh.network_id, round_.pk, fresh.pk, declined=True))
    return fresh


def standing_quote(request_: QuoteRequest) -> Quote | None:
    """The supplier's quote that counts now, whoever wrote it down; None when there is none."""
    found: Quote | None = Quote.objects.filter(
        round=request_.round_id, supplier=request_.supplier_id, is_withdrawn=False
    ).first()
    return found


def version_of(quote: Quote | None) -> str:
    """What a form keeps of the quote that it began from."""
    return f"{quote.pk}-{quote.version}" if quote else ""


def require_open(request_: QuoteRequest, round_: PurchaseRound) -> None:
    """Raises: LinkRevoked, RequestIsOver, RequestClosed when a request takes no answer now."""
    if request_.revoked_at is not None:
        raise LinkRevoked
    if clock.now() >= request_.answer_until:
        raise RequestIsOver(until=formats.moment(request_.answer_until))
    if not round_.takes_quotes:
        raise RequestClosed


def _take(request_: QuoteRequest, token: str) -> tuple[PurchaseRound, QuoteRequest]:
    """Round and request, locked; the token is what gives the right. Raises: as `require_open`, LinkUnknown."""
    round_, fresh = lock_all([request_.round, request_])
    if not constant_time_compare(fresh.token_hash, hash_of(token)):
        raise LinkUnknown
    require_open(fresh, round_)
    return round_, fresh


def _keep_files(request_: QuoteRequest, files: Sequence[uploads.Upload], actor: Actor) -> None:
    if not files:
        return
    if request_.files.count() + len(files) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    for upload in files:
        row = QuoteFile(
            network_id=request_.network_id, request=request_, name=upload.name, content_type=upload.content_type,
            size=upload.size,
        )  # fmt: skip
        row.file.save(f"cotacao.{upload.extension}", upload.as_file(), save=False)
        row.save()
    record(
        actor, "purchasing.quote_files", request_.round, supplier=request_.supplier.name,
        files=[upload.name for upload in files],
    )  # fmt: skip


def request_of(token: str) -> QuoteRequest:
    """The request behind a link, with round, supplier and network, looked up across networks: the link names none.

    Raises: LinkUnknown for a wrong or replaced one and for one that is over for long; LinkRevoked.
    """
    with tenancy.unscoped("a supplier's link names no network"):
        rows = QuoteRequest.objects.select_related("round__network", "network", "supplier")
        found: QuoteRequest | None = rows.filter(token_hash=hash_of(token)).first()
    if found is None or clock.now() > found.answer_until + READABLE:
        raise LinkUnknown
    if found.revoked_at is not None:
        raise LinkRevoked
    return found
