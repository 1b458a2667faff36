# SPDX-License-Identifier: AGPL-3.0-or-later
"""No order leaves a round that its enterprises have not approved: the database itself refuses it."""

from django.db import migrations

from mutirao.kernel.triggers import Triggers

SQLITE = """
CREATE TRIGGER purchasing_order_needs_approval BEFORE INSERT ON purchasing_purchaseorder
WHEN (SELECT state FROM purchasing_purchaseround WHERE id = NEW.round_id) NOT IN ('approved', 'ordered')
BEGIN SELECT RAISE(ABORT, 'an order needs an approved round'); END
"""
POSTGRESQL = [
    """
CREATE FUNCTION purchasing_order_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM purchasing_purchaseround WHERE id = NEW.round_id AND state IN ('approved', 'ordered')
  ) THEN
    RAISE EXCEPTION 'an order needs an approved round' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE TRIGGER purchasing_order_needs_approval BEFORE INSERT ON purchasing_purchaseorder
FOR EACH ROW EXECUTE FUNCTION purchasing_order_needs_approval()
""",
]


class Migration(migrations.Migration):
    dependencies = [("purchasing", "0001_initial")]

    operations = [
        Triggers(
            sqlite=[SQLITE],
            postgresql=POSTGRESQL,
            drop_sqlite=["DROP TRIGGER purchasing_order_needs_approval"],
            drop_postgresql=[
                "DROP TRIGGER purchasing_order_needs_approval ON purchasing_purchaseorder",
                "DROP FUNCTION purchasing_order_needs_approval",
            ],
        )
    ]
