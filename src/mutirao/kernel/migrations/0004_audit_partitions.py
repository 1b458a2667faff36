# SPDX-License-Identifier: AGPL-3.0-or-later
"""On PostgreSQL the audit trail lies in one partition a year, so that it may grow for decades.

A partitioned table can hold a key only together with the column it is parted by, so one number a chain is held by a trigger
instead of a constraint; the chain's head, locked by whoever appends, lets nobody race it. Partitions are made far ahead, and
one takes whatever falls outside: no upkeep.
"""

from django.db import migrations

FIRST_YEAR, LAST_YEAR = 2024, 2050

_KEPT = """
CREATE FUNCTION kernel_audit_one_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM kernel_auditentry WHERE network_id = NEW.network_id AND sequence = NEW.sequence) THEN
    RAISE EXCEPTION USING ERRCODE = 'unique_violation', MESSAGE = 'audit: an entry is not displaced';
  END IF;
  RETURN NEW;
END $$
"""


def part(apps: object, schema_editor: object) -> None:
    connection = schema_editor.connection  # type: ignore[attr-defined]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid), tgtype & 1 FROM pg_trigger"
            " WHERE tgrelid = 'kernel_auditentry'::regclass AND NOT tgisinternal"
        )
        triggers = cursor.fetchall()
        run = cursor.execute
        run("ALTER TABLE kernel_auditentry RENAME TO kernel_auditentry_whole")
        run("CREATE SEQUENCE kernel_auditentry_number AS bigint")
        run(
            "SELECT setval('kernel_auditentry_number',"
            " (SELECT COALESCE(max(id), 0) + 1 FROM kernel_auditentry_whole), false)"
        )
        run(
            "CREATE TABLE kernel_auditentry (LIKE kernel_auditentry_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
            " PARTITION BY RANGE (at)"
        )
        run("ALTER TABLE kernel_auditentry ALTER id SET DEFAULT nextval('kernel_auditentry_number')")
        run("ALTER SEQUENCE kernel_auditentry_number OWNED BY kernel_auditentry.id")
        parts = ["kernel_auditentry_rest"]
        run("CREATE TABLE kernel_auditentry_rest PARTITION OF kernel_auditentry DEFAULT")
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            run(
                f"CREATE TABLE kernel_auditentry_{year} PARTITION OF kernel_auditentry"
                f" FOR VALUES FROM ('{year}-01-01 00:00+00') TO ('{year + 1}-01-01 00:00+00')"
            )
            parts.append(f"kernel_auditentry_{year}")
        run("INSERT INTO kernel_auditentry SELECT * FROM kernel_auditentry_whole")
        run("DROP TABLE kernel_auditentry_whole")
        run("ALTER TABLE kernel_auditentry ADD PRIMARY KEY (id, at)")
        run("CREATE INDEX audit_one_chain ON kernel_auditentry (network_id, sequence)")
        run("CREATE INDEX audit_by_subject ON kernel_auditentry (network_id, subject_kind, subject_id)")
        run("CREATE INDEX audit_by_time ON kernel_auditentry (network_id, at DESC)")
        run(_KEPT)
        run(
            "CREATE TRIGGER kernel_audit_displace BEFORE INSERT ON kernel_auditentry"
            " FOR EACH ROW EXECUTE FUNCTION kernel_audit_one_chain()"
        )
        for definition, for_each_row in triggers:
            run(definition)
            if not for_each_row:  # what guards whole statements does not reach the partitions by itself
                for name in parts:
                    run(definition.replace(" public.kernel_auditentry ", f" public.{name} "))


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_audit_triggers")]

    operations = [migrations.RunPython(part, migrations.RunPython.noop, elidable=False)]
