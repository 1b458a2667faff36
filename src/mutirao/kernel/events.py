# SPDX-License-Identifier: AGPL-3.0-or-later
"""Events: past-tense dataclasses that carry ids; what reacts inside the transaction and what after commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a network. Subclasses add ids and plain values that JSON can carry."""

    name: ClassVar[str] = ""
    network_id: int


E = TypeVar("E", bound=Event)
_inside: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)
_after: dict[type[Event], dict[str, Callable[[Any], None]]] = defaultdict(dict)
_by_name: dict[str, type[Event]] = {}


def event_name(event_type: type[Event]) -> str:
    """The stable name of an event type: module and class ("purchasing.RoundClosed")."""
    module = event_type.__module__.removeprefix("mutirao.").split(".")[0]
    return f"{module}.{event_type.__name__}"


def inside(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Subscribe inside the transaction: handler and operation succeed or fail together."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        _inside[event_type].append(handler)
        return handler

    return register


def after_commit(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Subscribe through the outbox: delivered after commit, retried, failures visible. Must be idempotent."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        _after[event_type][f"{handler.__module__}.{handler.__qualname__}"] = handler
        _by_name[event_name(event_type)] = event_type
        return handler

    return register


def handlers_inside(event: Event) -> list[Callable[[Any], None]]:
    """Handlers that run with the operation."""
    return list(_inside.get(type(event), ()))


def handler_names_after(event: Event) -> list[str]:
    """Names of the handlers to be delivered to after commit."""
    return list(_after.get(type(event), {}))


def to_payload(event: Event) -> dict[str, Any]:
    """The event as JSON can carry it."""
    return {"event": event_name(type(event)), "data": asdict(event)}


def deliver(payload: dict[str, Any], handler_name: str) -> None:
    """Call one handler with an event from the outbox. Raises: LookupError for an event or handler that is gone."""
    event_type = _by_name.get(payload["event"])
    if event_type is None:
        raise LookupError(f"no such event: {payload['event']}")
    handler = _after[event_type].get(handler_name)
    if handler is None:
        raise LookupError(f"no such handler: {handler_name}")
    handler(event_type(**payload["data"]))
