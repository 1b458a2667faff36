# SPDX-License-Identifier: AGPL-3.0-or-later
"""PostgreSQL's own guard behind the tenant filter: row-level security on every table whose rows belong to a network.

Each statement is told, in the same message, which network is active (`mutirao.network`: its id, `all` while reading
across networks for a stated reason, nothing otherwise); the policies let through that network's rows only. The setting
lasts for that statement or its transaction, so that PgBouncer may give every transaction another server connection.

Policies bind whoever does not own the tables. So the program connects as a role that owns nothing (docs/servidor.md);
the owner's role migrates and backs up. `state` tells `./mutirao check` whether the guard is on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from mutirao.kernel import tenancy
from mutirao.kernel.tenancy import TenantModel

POLICY = "mutirao_network"
_SEES = "current_setting('mutirao.network', true) IN (network_id::text, 'all')"
_STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "(")


def guarded_tables() -> list[str]:
    """The tables whose rows belong to a network, in order."""
    models = (model for model in apps.get_models() if issubclass(model, TenantModel) and model._meta.managed)
    return sorted({model._meta.db_table for model in models})


def protect(connection: BaseDatabaseWrapper) -> list[str]:
    """Put the policy on every guarded table that lacks it; returns those tables.

    Runs after migrations, as the tables' owner.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE p.polname = %s AND c.relrowsecurity AND c.relnamespace = current_schema()::regnamespace",
            [POLICY],
        )
        done = {row[0] for row in cursor.fetchall()}
        missing = [table for table in guarded_tables() if table not in done]
        for table in missing:
            name = connection.ops.quote_name(table)
            cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {name}")
            cursor.execute(f"CREATE POLICY {POLICY} ON {name} USING ({_SEES}) WITH CHECK ({_SEES})")
    return missing


def protect_after_migrating(using: str = DEFAULT_DB_ALIAS, **_more: Any) -> None:
    """Receiver of Django's `post_migrate`."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with transaction.atomic(using=using):
            protect(connection)


def state(connection: BaseDatabaseWrapper) -> tuple[bool, list[str]]:
    """Whether the policies bind the role that the program connects as, and the guarded tables that have none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        above = bool(cursor.fetchone()[0])
        cursor.execute(
            "SELECT c.relname, pg_has_role(c.relowner, 'MEMBER'), c.relrowsecurity AND EXISTS "
            "(SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = %s) FROM pg_class c "
            "WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)",
            [POLICY, guarded_tables()],
        )
        rows = cursor.fetchall()
    owned = any(owner for _table, owner, _on in rows)
    return not above and not owned, sorted(table for table, _owner, on in rows if not on)


def _active() -> str:
    if tenancy.is_unscoped():
        return "all"
    network_id = tenancy.active_network_id()
    return "" if network_id is None else str(network_id)


def _tell(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not isinstance(sql, str) or not sql.lstrip().upper().startswith(_STATEMENTS):
        return execute(sql, params, many, context)
    # Digits, "all" or nothing: safe inside the text of the statement.
    told = f"SELECT set_config('mutirao.network', '{_active()}', true)"
    cursor = context["cursor"].cursor
    if many or hasattr(cursor, "name"):  # a cursor of the server's has a name, and takes one statement only
        with transaction.atomic(using=context["connection"].alias):
            context["connection"].connection.execute(told)
            return execute(sql, params, many, context)
    result = execute(f"{told}; {sql}", params, many, context)
    cursor.nextset()
    return result


def tell_network(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """Receiver of Django's `connection_created`: every statement from now on says which network is active."""
    if connection.vendor == "postgresql" and _tell not in connection.execute_wrappers:
        connection.execute_wrappers.append(_tell)
