# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a non-member may not do is refused everywhere: every operation that touches an enterprise is looked at (N4).

Operations are found by walking the program, not listed by hand: a new one that takes an enterprise, or a row of one,
fails the first test until somebody says whether it is for members only. Screens, imports, commands, the offline outbox
and whatever comes later all write through these.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from django.db import models
from tests import factories
from tests.admission import makers
from tests.importing.bringing import Bringing
from tests.purchasing import factories as buying

import mutirao
from mutirao.admission import operations as admission
from mutirao.governance import operations as governance
from mutirao.kernel import acts, clock, work
from mutirao.kernel.actors import Actor
from mutirao.network import access, operations, roles
from mutirao.network.importing.errors import ImportRefused
from mutirao.network.membership import StandingForbids
from mutirao.network.models import Enterprise, Network, Person
from mutirao.purchasing.operations import needs, rounds

pytestmark = pytest.mark.usefixtures("noon")

OUTSIDE = ("candidate", "suspended", "excluded", "left", "partner")
NOT_PLAIN = {".migrations", ".management"}

JOINING = "how one becomes, stays and ceases to be a member: of whoever is none by its nature"
REGISTER = "the network's register of whom it knows, members or not"
SUPPLYING = "companies and others outside supply and buy"
BOOKS = "what was asked for as a member is owed, paid, settled and booked, whatever came after"
TELLING = "the network's memory and map tell also of who is no member; own people that are out have no role there"
ENDING = "takes back or ends what there is; who is out must be able to get out"

MEMBERS_ONLY = {
    "admission.add_evidence": "a reference is given by a member",
    "admission.start_renewal": "who is no member has nothing to renew",
    "governance.answer_motion": "votes",
    "governance.put_motion": "is asked to vote",
    "network.grant_role": "has people with a role",
    "network.invite": "has people with a role",
    "purchasing.enter_needs": "asks for goods",
    "purchasing.invite_enterprise": "takes part in a round",
}
FOR_OTHERS_TOO = {
    **dict.fromkeys(
        (
            "admission.ask", "admission.correct_application",
            "admission.decide_by_assembly", "admission.decide_exclusion", "admission.declare_conflict",
            "admission.drop_stale_draft", "admission.edit_application", "admission.expire_certificate",
            "admission.file_appeal", "admission.follow_standing", "admission.give_opinion",
            "admission.issue_certificate", "admission.issue_new_link", "admission.leave", "admission.lift_suspension",
            "admission.link_enterprise", "admission.name_reviewers", "admission.open_exclusion", "admission.propose",
            "admission.remind_of_renewal", "admission.remove_evidence", "admission.say_in_hearing", "admission.submit",
            "admission.suspend", "admission.vote", "admission.welcome_in", "admission.withdraw",
            "network.recognise_founder",
        ),
        JOINING,
    ),
    **dict.fromkeys(
        (
            "network.add_contact", "network.deactivate_enterprise", "network.edit_contact", "network.edit_enterprise",
            "network.reactivate_enterprise", "network.remove_contact", "territory.add_link", "territory.edit_link",
            "territory.remove_link", "territory.save_links", "territory.add_partner", "territory.edit_partner",
            "territory.set_partner_active",
            "territory.add_partner_person", "territory.add_agreement", "territory.note_meeting", "territory.add_call",
            "territory.set_next_step", "territory.finish_next_step", "territory.drop_next_step",
        ),
        REGISTER,
    ),
    **dict.fromkeys(
        (
            "catalogue.add_supplier", "catalogue.edit_supplier", "catalogue.use_supplier", "payments.register_bill",
            "purchasing.ask_for_quotes", "purchasing.enter_quote",
        ),
        SUPPLYING,
    ),
    **dict.fromkeys(
        (
            "ledger.add_account", "ledger.draft_entry", "ledger.enter_manually", "ledger.open_book",
            "ledger.open_books", "ledger.post_across", "ledger.post_entries", "ledger.post_entry",
            "payments.apply_credit", "payments.cancel_charge", "payments.cancel_charges", "payments.grant_credit",
            "payments.issue_charge", "payments.issue_charges", "payments.record_payment", "payments.refund_credit",
            "payments.reverse_payment", "payments.take_back_credit", "payments.take_in_statement",
            "payments.undo_write_off", "payments.write_off",
        ),
        BOOKS,
    ),
    **dict.fromkeys(
        (
            "memory.add_keepsake", "memory.delete_moment", "memory.edit_moment", "memory.name_person",
            "memory.publish_moment", "memory.take_back_moment", "memory.write_moment",
        ),
        TELLING,
    ),
    **dict.fromkeys(
        (
            "governance.release_from_motions", "network.end_role", "network.leave_roles", "network.revoke_invitation",
            "purchasing.decline_round", "purchasing.withdraw_needs",
        ),
        ENDING,
    ),
}  # fmt: skip


def found() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every operation of the program, as "module.name"."""
    for module in pkgutil.walk_packages(mutirao.__path__, "mutirao."):
        if any(part in module.name for part in NOT_PLAIN):
            continue
        loaded = importlib.import_module(module.name)
        for name, function in vars(loaded).items():
            inner = getattr(function, "__wrapped__", None)
            if (
                inspect.isfunction(function)
                and inner is not None
                and function.__code__.co_filename == work.__file__
                and inner.__module__ == loaded.__name__
            ):
                yield f"{loaded.__name__.split('.')[1]}.{name}", inner


def _classes(hint: Any) -> set[type]:
    parts = [one for part in get_args(hint) for one in _classes(part)]
    return {*parts, hint} if inspect.isclass(hint) else set(parts)


def _of_an_enterprise(kind: type) -> bool:
    """An enterprise, a row of one, or plain data that carries one."""
    if kind is Enterprise:
        return True
    if issubclass(kind, models.Model):
        return any(one.is_relation and one.related_model is Enterprise and one.concrete for one in _columns(kind))
    return is_dataclass(kind) and kind is not Actor and any("Enterprise" in str(one.type) for one in fields_of(kind))


def _columns(kind: Any) -> list[Any]:
    return list(kind._meta.get_fields())


def touching_an_enterprise() -> set[str]:
    touching = set()
    for name, inner in found():
        hints = get_type_hints(inner, vars(inspect.getmodule(inner)))
        taken = {one for parameter, hint in hints.items() if parameter != "return" for one in _classes(hint)}
        if any(_of_an_enterprise(kind) for kind in taken):
            touching.add(name)
    return touching


def test_every_operation_that_touches_an_enterprise_says_whether_it_is_for_members() -> None:
    said = MEMBERS_ONLY.keys() | FOR_OTHERS_TOO.keys()
    touching = touching_an_enterprise()
    assert touching - said == set(), "say in this file whether it is for members only, and try it below"
    assert said - touching == set()
    assert not MEMBERS_ONLY.keys() & FOR_OTHERS_TOO.keys()


def test_whose_enterprise_is_out_is_let_in_only_to_what_concerns_that_enterprise() -> None:
    """A new act reaches who is out only when its module says so by name; most never hear of them."""
    reached = {act.code for act in acts.all_acts() if (act.network_roles | act.enterprise_roles) & roles.OUTSIDE_ROLES}
    assert reached == {"admission.see_standing", "admission.speak", "ledger.see_enterprise", "payments.see"}


# --- each of them, tried ---------------------------------------------------------------------------------------------


class Stage:
    """A network with an enterprise that was a member until now, a round, a question and a request of another group."""

    def __init__(self, network: Network, boss: Actor) -> None:
        self.network, self.boss = network, boss
        self.enterprise, self.other = factories.enterprise(name="Mãos da Terra"), factories.enterprise()
        self.own = factories.actor(network, "enterprise_coordinator", self.enterprise)
        self.round = buying.open_round(network, boss)
        self.later = factories.enterprise(name="Chegou depois")
        self.motion = governance.put_motion("Comprar?", enterprises=[self.enterprise, self.other], actor=boss)
        self.application = makers.submitted(network)

    def stands(self, standing: str) -> None:
        Enterprise.objects.filter(pk__in=[self.enterprise.pk, self.later.pk]).update(standing=standing)
        for row in (self.enterprise, self.later):
            row.refresh_from_db()

    def tries(self) -> dict[str, Callable[[Actor], object]]:
        """Each operation for members only, by whoever is asked to do it."""
        return {
            "admission.add_evidence": lambda _who: admission.add_evidence(
                self.application, kind="reference", text="Conheço.", enterprise=self.enterprise, actor=self.own
            ),
            "admission.start_renewal": lambda who: admission.start_renewal(self.enterprise, actor=who),
            "governance.answer_motion": lambda _who: governance.answer_motion(
                self.motion, enterprise=self.enterprise, answer="yes", actor=self.own
            ),
            "governance.put_motion": lambda _who: governance.put_motion(
                "Outra?", enterprises=[self.other, self.enterprise], actor=self.boss
            ),
            "network.grant_role": lambda who: operations.grant_role(
                factories.person(), role="enterprise_member", enterprise=self.enterprise, actor=who
            ),
            "network.invite": lambda who: operations.invite(
                self.network, role="enterprise_member", enterprise=self.enterprise, actor=who
            ),
            "purchasing.enter_needs": lambda who: needs.enter_needs(
                buying.participation(self.round, self.enterprise), items=buying.items(self.round, "3"), place=None,
                told_by="Ana", actor=who,
            ),
            "purchasing.invite_enterprise": lambda _who: rounds.invite_enterprise(
                self.round, enterprise=self.later, actor=self.boss
            ),
        }  # fmt: skip


@pytest.fixture
def stage(network: Network, coordinator: Actor) -> Stage:
    return Stage(network, coordinator)


def test_each_of_them_is_tried() -> None:
    assert set(Stage.tries(Stage.__new__(Stage))) == set(MEMBERS_ONLY)


# A suspended enterprise still names who speaks for it, and renews: it has to be heard.
HEARD = {"admission.start_renewal", "network.grant_role", "network.invite"}


@pytest.mark.parametrize("name", sorted(MEMBERS_ONLY))
def test_a_member_does_it(stage: Stage, name: str) -> None:
    assert stage.tries()[name](stage.boss) is not None


@pytest.mark.parametrize("code", OUTSIDE)
@pytest.mark.parametrize("name", sorted(MEMBERS_ONLY))
def test_who_is_no_member_is_refused_in_words_by_whatever_hand(stage: Stage, name: str, code: str) -> None:
    stage.stands(code)
    for who in (stage.own, stage.boss):
        if code == "suspended" and name in HEARD:
            continue
        with pytest.raises(StandingForbids) as refused:
            stage.tries()[name](who)
        assert refused.value.words()
        assert refused.value.advice()


@pytest.mark.parametrize("code", OUTSIDE)
def test_a_sheet_asks_for_nothing_in_the_name_of_who_is_no_member(stage: Stage, code: str) -> None:
    stage.stands(code)
    product = stage.round.goods.first().product
    for row in (stage.enterprise, stage.later):
        sheet = f"Empreendimento;Produto;Quantidade\n{row.name};{product.name};5\n"
        sheets = Bringing("needs", stage.network, stage.boss, stage.round)
        (problem,) = sheets.problems(sheet)
        assert row.get_standing_display() in problem
        with pytest.raises(ImportRefused):
            sheets.bring(sheet)
    assert not buying.participation(stage.round, stage.enterprise).needs.exists()


@pytest.mark.parametrize("code", ["candidate", "excluded", "left", "partner"])
def test_own_people_that_are_out_do_none_of_it_by_their_roles_either(stage: Stage, code: str) -> None:
    stage.stands(code)
    now = access.actor_for(Person.objects.get(pk=stage.own.person_id), stage.network)
    for act in acts.all_acts():
        if now.can(act.code, stage.enterprise):
            assert act.reads or act.code == "admission.speak", act.code


def test_a_round_opened_now_invites_members_alone(stage: Stage) -> None:
    rows = {code: factories.enterprise(standing=code) for code in OUTSIDE}
    fresh = buying.open_round(stage.network, stage.boss)
    invited = set(fresh.participations.values_list("enterprise_id", flat=True))
    assert invited == {stage.enterprise.pk, stage.other.pk, stage.later.pk}
    assert not invited & {row.pk for row in rows.values()}
    assert clock.today() == fresh.opens_on
