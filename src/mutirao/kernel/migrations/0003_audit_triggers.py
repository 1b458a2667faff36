# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit trail only grows: its entries are never changed, never deleted, never emptied away.

One change is allowed, that the law asks for: the words about a person may be erased. Then `erased` changes too, which is
on record (`kernel.erasing`), and whatever the chain seals as it is stays as it was.

The hash chain shows that somebody tampered; these triggers keep slips and careless scripts from doing it at all.
On SQLite `INSERT OR REPLACE` deletes without firing delete triggers, so it is refused when it would displace an entry.
"""

from django.db import migrations

from mutirao.kernel.triggers import Triggers

_STAYS = (
    "id", "network_id", "sequence", "at", "actor_person_id", "actor_roles", "via", "act", "subject_kind", "subject_id",
    "previous", "digest",
)  # fmt: skip
_SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _STAYS)
_ERASING = f"NEW.erased IS DISTINCT FROM OLD.erased AND {_SAME}"
_ERASING_SQLITE = _ERASING.replace("IS NOT DISTINCT FROM", "IS").replace("IS DISTINCT FROM", "IS NOT")

SQLITE = [
    f"""
    CREATE TRIGGER kernel_audit_unchanged BEFORE UPDATE ON kernel_auditentry
    WHEN NOT ({_ERASING_SQLITE})
    BEGIN SELECT RAISE(ABORT, 'audit: an entry never changes'); END
    """,
    """
    CREATE TRIGGER kernel_audit_kept BEFORE DELETE ON kernel_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit: an entry is never deleted'); END
    """,
    """
    CREATE TRIGGER kernel_audit_displace BEFORE INSERT ON kernel_auditentry
    WHEN EXISTS (SELECT 1 FROM kernel_auditentry WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM kernel_auditentry WHERE network_id = NEW.network_id AND sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'audit: an entry is not displaced'); END
    """,
]

POSTGRESQL = [
    """
    CREATE FUNCTION kernel_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'audit: ' || TG_ARGV[0];
    END $$
    """,
    f"""
    CREATE TRIGGER kernel_audit_unchanged BEFORE UPDATE ON kernel_auditentry
    FOR EACH ROW WHEN (NOT ({_ERASING})) EXECUTE FUNCTION kernel_audit_refuse('an entry never changes')
    """,
    """
    CREATE TRIGGER kernel_audit_kept BEFORE DELETE ON kernel_auditentry
    FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse('an entry is never deleted')
    """,
    """
    CREATE TRIGGER kernel_audit_not_emptied BEFORE TRUNCATE ON kernel_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_refuse('the trail is never emptied')
    """,
]


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_legal_parameters")]

    operations = [
        Triggers(
            sqlite=SQLITE,
            postgresql=POSTGRESQL,
            drop_sqlite=[f"DROP TRIGGER kernel_audit_{name}" for name in ("unchanged", "kept", "displace")],
            drop_postgresql=["DROP FUNCTION kernel_audit_refuse() CASCADE"],
        )
    ]
