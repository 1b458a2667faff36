# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must never be false in the books, held by the database itself.

Entries are born drafts. A draft becomes posted only with two lines or more that add up to zero, on accounts of its own
book, dated in an open period, with the next number of its book (so that numbers have no gaps). A posted entry and its
lines never change and never go; a correction is a reversal that mirrors it, made once. Periods of a book do not
overlap, keep their days, and stay while they hold entries. Books and accounts keep what the entries rely on.

PostgreSQL checks posting by statement, over transition tables: a hundred thousand entries cost one check. Rows that a
check relies on are locked (`FOR SHARE`), so that no other transaction can close the period or add a line meanwhile.
On SQLite every transaction is the only writer; `OR REPLACE` deletes without firing delete triggers there, so inserts
and key changes that would displace a posted row are refused as well.

A later migration that changes these tables on SQLite makes them anew and so loses their triggers: it drops them first
and makes them again last. `./mutirao check` looks whether they are all in place.
"""

from django.db import migrations

from mutirao.kernel.triggers import Triggers

SQLITE = [
    # Entries
    """
    CREATE TRIGGER ledger_entry_born BEFORE INSERT ON ledger_entry
    WHEN NEW.state <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'ledger: an entry is born a draft'); END
    """,
    """
    CREATE TRIGGER ledger_entry_displace BEFORE INSERT ON ledger_entry
    WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id AND state = 'posted')
      OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id AND number = NEW.number AND state = 'posted')
      OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id AND key = NEW.key AND state = 'posted')
      OR EXISTS (SELECT 1 FROM ledger_entry WHERE reverses_id = NEW.reverses_id AND state = 'posted')
    BEGIN SELECT RAISE(ABORT, 'ledger: a posted entry is not displaced'); END
    """,
    """
    CREATE TRIGGER ledger_entry_displace_by_update BEFORE UPDATE OF id, book_id, number, key, reverses_id ON ledger_entry
    WHEN NEW.id <> OLD.id
      OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id AND number = NEW.number AND state = 'posted' AND id <> OLD.id)
      OR EXISTS (SELECT 1 FROM ledger_entry WHERE book_id = NEW.book_id AND key = NEW.key AND state = 'posted' AND id <> OLD.id)
      OR EXISTS (SELECT 1 FROM ledger_entry WHERE reverses_id = NEW.reverses_id AND state = 'posted' AND id <> OLD.id)
    BEGIN SELECT RAISE(ABORT, 'ledger: a posted entry is not displaced'); END
    """,
    """
    CREATE TRIGGER ledger_entry_unchanged BEFORE UPDATE ON ledger_entry
    WHEN OLD.state = 'posted'
    BEGIN SELECT RAISE(ABORT, 'ledger: a posted entry never changes'); END
    """,
    """
    CREATE TRIGGER ledger_entry_kept BEFORE DELETE ON ledger_entry
    WHEN OLD.state = 'posted'
    BEGIN SELECT RAISE(ABORT, 'ledger: a posted entry is never deleted'); END
    """,
    """
    CREATE TRIGGER ledger_entry_post BEFORE UPDATE OF state ON ledger_entry
    WHEN OLD.state <> 'posted' AND NEW.state = 'posted'
    BEGIN
      SELECT RAISE(ABORT, 'ledger: an entry has two lines at least and adds up to zero')
        FROM (SELECT count(*) AS legs, sum(amount_minor) AS total FROM ledger_line WHERE entry_id = NEW.id)
        WHERE legs < 2 OR total <> 0;
      SELECT RAISE(ABORT, 'ledger: every account and line is of the entry''s book')
        FROM ledger_line JOIN ledger_account ON ledger_account.id = ledger_line.account_id
        WHERE ledger_line.entry_id = NEW.id
          AND (ledger_account.book_id <> NEW.book_id OR ledger_line.network_id <> NEW.network_id);
      SELECT RAISE(ABORT, 'ledger: an entry belongs to the network of its book')
        WHERE NOT EXISTS (SELECT 1 FROM ledger_book WHERE id = NEW.book_id AND network_id = NEW.network_id);
      SELECT RAISE(ABORT, 'ledger: no open period holds the date')
        WHERE NOT EXISTS (
          SELECT 1 FROM ledger_period
          WHERE book_id = NEW.book_id AND starts_on <= NEW.date AND ends_on >= NEW.date AND closed_at IS NULL);
      SELECT RAISE(ABORT, 'ledger: numbers follow one another')
        WHERE NEW.number IS NULL OR (NEW.number <> 1 AND NOT EXISTS (
          SELECT 1 FROM ledger_entry
          WHERE book_id = NEW.book_id AND number = NEW.number - 1 AND state = 'posted'));
      SELECT RAISE(ABORT, 'ledger: a reversal mirrors a posted entry of its book that is no reversal')
        WHERE NEW.reverses_id IS NOT NULL AND (
          NOT EXISTS (
            SELECT 1 FROM ledger_entry
            WHERE id = NEW.reverses_id AND book_id = NEW.book_id AND state = 'posted' AND reverses_id IS NULL)
          OR EXISTS (
            SELECT 1 FROM ledger_line WHERE entry_id IN (NEW.id, NEW.reverses_id)
            GROUP BY account_id, act_type, partner_id HAVING sum(amount_minor) <> 0));
    END
    """,
    # Lines
    """
    CREATE TRIGGER ledger_line_born BEFORE INSERT ON ledger_line
    WHEN NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id AND state = 'draft')
      OR EXISTS (
        SELECT 1 FROM ledger_line JOIN ledger_entry ON ledger_entry.id = ledger_line.entry_id
        WHERE ledger_line.id = NEW.id AND ledger_entry.state = 'posted')
    BEGIN SELECT RAISE(ABORT, 'ledger: lines are added to drafts only'); END
    """,
    """
    CREATE TRIGGER ledger_line_unchanged BEFORE UPDATE ON ledger_line
    WHEN NEW.id <> OLD.id
      OR NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id AND state = 'draft')
      OR EXISTS (SELECT 1 FROM ledger_entry WHERE id = OLD.entry_id AND state = 'posted')
    BEGIN SELECT RAISE(ABORT, 'ledger: lines of a posted entry never change'); END
    """,
    """
    CREATE TRIGGER ledger_line_kept BEFORE DELETE ON ledger_line
    WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = OLD.entry_id AND state = 'posted')
    BEGIN SELECT RAISE(ABORT, 'ledger: lines of a posted entry are never deleted'); END
    """,
    # Periods
    """
    CREATE TRIGGER ledger_period_apart BEFORE INSERT ON ledger_period
    WHEN EXISTS (
      SELECT 1 FROM ledger_period
      WHERE id = NEW.id OR (book_id = NEW.book_id AND starts_on <= NEW.ends_on AND ends_on >= NEW.starts_on))
    BEGIN SELECT RAISE(ABORT, 'ledger: periods of a book do not overlap'); END
    """,
    """
    CREATE TRIGGER ledger_period_unchanged BEFORE UPDATE ON ledger_period
    WHEN NEW.id <> OLD.id OR NEW.book_id <> OLD.book_id OR NEW.network_id <> OLD.network_id
      OR NEW.starts_on <> OLD.starts_on OR NEW.ends_on <> OLD.ends_on
    BEGIN SELECT RAISE(ABORT, 'ledger: a period keeps its book and its days'); END
    """,
    """
    CREATE TRIGGER ledger_period_kept BEFORE DELETE ON ledger_period
    WHEN EXISTS (
      SELECT 1 FROM ledger_entry
      WHERE book_id = OLD.book_id AND date >= OLD.starts_on AND date <= OLD.ends_on AND state = 'posted')
    BEGIN SELECT RAISE(ABORT, 'ledger: a period that holds entries is never deleted'); END
    """,
    # Accounts and books
    """
    CREATE TRIGGER ledger_account_displace BEFORE INSERT ON ledger_account
    WHEN EXISTS (
      SELECT 1 FROM ledger_account WHERE id = NEW.id OR (book_id = NEW.book_id AND (code = NEW.code OR purpose = NEW.purpose)))
    BEGIN SELECT RAISE(ABORT, 'ledger: an account is not displaced'); END
    """,
    """
    CREATE TRIGGER ledger_account_unchanged BEFORE UPDATE ON ledger_account
    WHEN NEW.id <> OLD.id OR NEW.book_id <> OLD.book_id OR NEW.network_id <> OLD.network_id
      OR (NEW.kind <> OLD.kind AND EXISTS (SELECT 1 FROM ledger_line WHERE account_id = OLD.id))
    BEGIN SELECT RAISE(ABORT, 'ledger: an account in use keeps its book and its kind'); END
    """,
    """
    CREATE TRIGGER ledger_book_displace BEFORE INSERT ON ledger_book
    WHEN EXISTS (SELECT 1 FROM ledger_book WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'ledger: a book is not displaced'); END
    """,
    """
    CREATE TRIGGER ledger_book_unchanged BEFORE UPDATE ON ledger_book
    WHEN NEW.id <> OLD.id OR NEW.network_id <> OLD.network_id OR NEW.enterprise_id IS NOT OLD.enterprise_id
      OR NEW.currency <> OLD.currency
    BEGIN SELECT RAISE(ABORT, 'ledger: a book keeps its owner and its currency'); END
    """,
]

POSTGRESQL = [
    """
    CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger: ' || TG_ARGV[0];
    END $$
    """,
    # Entries
    """
    CREATE TRIGGER ledger_entry_born BEFORE INSERT ON ledger_entry FOR EACH ROW
    WHEN (NEW.state <> 'draft') EXECUTE FUNCTION ledger_refuse('an entry is born a draft')
    """,
    """
    CREATE TRIGGER ledger_entry_unchanged BEFORE UPDATE ON ledger_entry FOR EACH ROW
    WHEN (OLD.state = 'posted' OR NEW.id <> OLD.id) EXECUTE FUNCTION ledger_refuse('a posted entry never changes')
    """,
    """
    CREATE TRIGGER ledger_entry_kept BEFORE DELETE ON ledger_entry FOR EACH ROW
    WHEN (OLD.state = 'posted') EXECUTE FUNCTION ledger_refuse('a posted entry is never deleted')
    """,
    # Posted rows cannot be updated, so every posted row of an update has just been posted. The LATERAL keeps the
    # plan at "look this entry's lines up by index": a plan is kept for the session, whatever the number of rows
    # it was first made for.
    """
    CREATE FUNCTION ledger_check_posting() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      problem text;
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM touched WHERE state = 'posted') THEN
        RETURN NULL;
      END IF;
      PERFORM 1 FROM ledger_period p
        WHERE EXISTS (
          SELECT 1 FROM (SELECT DISTINCT book_id, date FROM touched WHERE state = 'posted') d
          WHERE d.book_id = p.book_id AND d.date BETWEEN p.starts_on AND p.ends_on)
        ORDER BY p.id FOR SHARE;
      IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT book_id, date FROM touched WHERE state = 'posted') d
        WHERE NOT EXISTS (
          SELECT 1 FROM ledger_period p
          WHERE p.book_id = d.book_id AND d.date BETWEEN p.starts_on AND p.ends_on AND p.closed_at IS NULL)
      ) THEN
        problem := 'no open period holds the date';
      ELSIF EXISTS (
        SELECT 1 FROM touched e CROSS JOIN LATERAL (
          SELECT count(*) AS legs, sum(l.amount_minor) AS total FROM ledger_line l WHERE l.entry_id = e.id) s
        WHERE e.state = 'posted' AND (s.legs < 2 OR s.total <> 0)
      ) THEN
        problem := 'an entry has two lines at least and adds up to zero';
      ELSIF EXISTS (
        SELECT 1 FROM touched e
          CROSS JOIN LATERAL (SELECT l.account_id, l.network_id FROM ledger_line l WHERE l.entry_id = e.id OFFSET 0) l
          JOIN ledger_account a ON a.id = l.account_id
        WHERE e.state = 'posted' AND (a.book_id <> e.book_id OR l.network_id <> e.network_id)
      ) THEN
        problem := 'every account and line is of the entry''s book';
      ELSIF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT book_id, network_id FROM touched WHERE state = 'posted') d
        WHERE NOT EXISTS (SELECT 1 FROM ledger_book b WHERE b.id = d.book_id AND b.network_id = d.network_id)
      ) THEN
        problem := 'an entry belongs to the network of its book';
      ELSIF EXISTS (
        SELECT 1 FROM (
          SELECT book_id, min(number) AS first, max(number) AS last, count(*) AS posted
          FROM touched WHERE state = 'posted' GROUP BY book_id) d
        WHERE d.first IS NULL OR d.last - d.first + 1 <> d.posted OR (d.first <> 1 AND NOT EXISTS (
          SELECT 1 FROM ledger_entry e
          WHERE e.book_id = d.book_id AND e.number = d.first - 1 AND e.state = 'posted'))
      ) THEN
        problem := 'numbers follow one another';
      ELSIF EXISTS (
        SELECT 1 FROM touched e
          LEFT JOIN ledger_entry o ON o.id = e.reverses_id
            AND o.book_id = e.book_id AND o.state = 'posted' AND o.reverses_id IS NULL
        WHERE e.state = 'posted' AND e.reverses_id IS NOT NULL AND (o.id IS NULL OR EXISTS (
          SELECT 1 FROM ledger_line l WHERE l.entry_id IN (e.id, e.reverses_id)
          GROUP BY l.account_id, l.act_type, l.partner_id HAVING sum(l.amount_minor) <> 0))
      ) THEN
        problem := 'a reversal mirrors a posted entry of its book that is no reversal';
      END IF;
      IF problem IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger: ' || problem;
      END IF;
      RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER ledger_entry_post AFTER UPDATE ON ledger_entry
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_posting()
    """,
    # Lines. An entry that other transactions can see is held, so that nobody posts it before this one ends;
    # entries made in this very transaction need no lock (a savepoint's get one without need).
    """
    CREATE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM ledger_entry e
        WHERE e.id IN (SELECT entry_id FROM touched) AND e.xmin <> pg_current_xact_id()::xid
        ORDER BY e.id FOR SHARE;
      IF EXISTS (
        SELECT 1 FROM touched t LEFT JOIN ledger_entry e ON e.id = t.entry_id
        WHERE e.id IS NULL OR e.state <> 'draft'
      ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger: lines are added to drafts only';
      END IF;
      RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION ledger_check_lines_gone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM ledger_entry e WHERE e.id IN (SELECT entry_id FROM gone) ORDER BY e.id FOR SHARE;
      IF EXISTS (SELECT 1 FROM gone g JOIN ledger_entry e ON e.id = g.entry_id WHERE e.state = 'posted') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger: lines of a posted entry never change';
      END IF;
      RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER ledger_line_born AFTER INSERT ON ledger_line
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines()
    """,
    """
    CREATE TRIGGER ledger_line_changed AFTER UPDATE ON ledger_line
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines()
    """,
    """
    CREATE TRIGGER ledger_line_unchanged AFTER UPDATE ON ledger_line
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines_gone()
    """,
    """
    CREATE TRIGGER ledger_line_kept AFTER DELETE ON ledger_line
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines_gone()
    """,
    # Periods
    """
    CREATE FUNCTION ledger_check_period() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM ledger_book WHERE id = NEW.book_id FOR NO KEY UPDATE;
      IF EXISTS (
        SELECT 1 FROM ledger_period p
        WHERE p.book_id = NEW.book_id AND p.starts_on <= NEW.ends_on AND p.ends_on >= NEW.starts_on
      ) THEN
        RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', MESSAGE = 'ledger: periods of a book do not overlap';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER ledger_period_apart BEFORE INSERT ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_check_period()
    """,
    """
    CREATE TRIGGER ledger_period_unchanged BEFORE UPDATE ON ledger_period FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.book_id <> OLD.book_id OR NEW.network_id <> OLD.network_id
      OR NEW.starts_on <> OLD.starts_on OR NEW.ends_on <> OLD.ends_on)
    EXECUTE FUNCTION ledger_refuse('a period keeps its book and its days')
    """,
    """
    CREATE FUNCTION ledger_check_period_gone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
        SELECT 1 FROM ledger_entry e
        WHERE e.book_id = OLD.book_id AND e.date BETWEEN OLD.starts_on AND OLD.ends_on AND e.state = 'posted'
      ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
          MESSAGE = 'ledger: a period that holds entries is never deleted';
      END IF;
      RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER ledger_period_kept BEFORE DELETE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_check_period_gone()
    """,
    # Accounts and books
    """
    CREATE FUNCTION ledger_check_account() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.id <> OLD.id OR NEW.book_id <> OLD.book_id OR NEW.network_id <> OLD.network_id
        OR EXISTS (SELECT 1 FROM ledger_line WHERE account_id = OLD.id)
      THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
          MESSAGE = 'ledger: an account in use keeps its book and its kind';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER ledger_account_unchanged BEFORE UPDATE ON ledger_account FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.book_id <> OLD.book_id OR NEW.network_id <> OLD.network_id OR NEW.kind <> OLD.kind)
    EXECUTE FUNCTION ledger_check_account()
    """,
    """
    CREATE TRIGGER ledger_book_unchanged BEFORE UPDATE ON ledger_book FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.network_id <> OLD.network_id OR NEW.enterprise_id IS DISTINCT FROM OLD.enterprise_id
      OR NEW.currency <> OLD.currency)
    EXECUTE FUNCTION ledger_refuse('a book keeps its owner and its currency')
    """,
    *(
        f"""
        CREATE TRIGGER ledger_{table}_not_emptied BEFORE TRUNCATE ON ledger_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('the books are never emptied')
        """
        for table in ("entry", "line", "period", "account", "book")
    ),
]

DROP_SQLITE = [
    f"DROP TRIGGER ledger_{name}"
    for name in (
        "entry_born", "entry_displace", "entry_displace_by_update", "entry_unchanged", "entry_kept", "entry_post",
        "line_born", "line_unchanged", "line_kept", "period_apart", "period_unchanged", "period_kept",
        "account_displace", "account_unchanged", "book_displace", "book_unchanged",
    )
]  # fmt: skip

# Dropping a function with CASCADE drops the triggers that call it.
DROP_POSTGRESQL = [
    f"DROP FUNCTION ledger_{name}() CASCADE"
    for name in (
        "refuse", "check_posting", "check_lines", "check_lines_gone", "check_period", "check_period_gone", "check_account",
    )
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        Triggers(sqlite=SQLITE, postgresql=POSTGRESQL, drop_sqlite=DROP_SQLITE, drop_postgresql=DROP_POSTGRESQL)
    ]
