# SPDX-License-Identifier: AGPL-3.0-or-later
import django.db.models.deletion
from django.db import migrations, models

import mutirao.kernel.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="nome")),
                ("currency", models.CharField(default="BRL", max_length=3)),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="books",
                        to="network.enterprise",
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.network",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("network", "enterprise"), name="book_one_an_enterprise"),
                    models.UniqueConstraint(
                        condition=models.Q(("enterprise__isnull", True)), fields=("network",), name="book_one_a_network"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="código")),
                ("name", models.CharField(max_length=120, verbose_name="nome")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asset", "ativo"),
                            ("liability", "passivo"),
                            ("equity", "patrimônio"),
                            ("income", "receita"),
                            ("expense", "despesa"),
                        ],
                        max_length=10,
                        verbose_name="grupo",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        help_text="What modules know it by (core/chart.py), whatever its code",
                        max_length=40,
                        null=True,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "network",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.network",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="ledger.book"
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("book", "code"), name="account_one_code"),
                    models.UniqueConstraint(fields=("book", "purpose"), name="account_one_purpose"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.BigIntegerField(
                        blank=True, help_text="Running number in the book, given when posted", null=True
                    ),
                ),
                ("date", models.DateField(verbose_name="data")),
                ("memo", models.CharField(max_length=240, verbose_name="histórico")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "rascunho"), ("posted", "lançado")], default="draft", max_length=6
                    ),
                ),
                ("source_kind", models.CharField(blank=True, max_length=60)),
                ("source_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "key",
                    models.CharField(
                        blank=True, help_text="Idempotency key within the book", max_length=120, null=True
                    ),
                ),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("posted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="ledger.book"
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.network",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "ordering": ["date", "pk"],
                "indexes": [
                    models.Index(fields=["network", "source_kind", "source_id"], name="entry_by_source"),
                    models.Index(fields=["book", "date", "number"], name="entry_by_date"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("book", "number"), name="entry_one_number"),
                    models.UniqueConstraint(fields=("book", "key"), name="entry_posted_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("number__isnull", False), ("posted_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="entry_posted_has_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__isnull", True), ("number__gte", 1), _connector="OR"),
                        name="entry_from_1",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField(verbose_name="valor")),
                (
                    "act_type",
                    models.CharField(
                        choices=[("cooperative", "ato cooperativo"), ("non_cooperative", "ato não cooperativo")],
                        max_length=16,
                        verbose_name="tipo de ato",
                    ),
                ),
                ("memo", models.CharField(blank=True, max_length=160)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="ledger.account"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="ledger.entry"
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.network",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whom the amount concerns",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.enterprise",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor", 0), _negated=True), name="line_not_zero")
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="ledger.book"
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.network",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("book", "starts_on"), name="period_one_start"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="period_ends_after"
                    ),
                ],
            },
        ),
    ]
