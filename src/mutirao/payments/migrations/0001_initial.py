# SPDX-License-Identifier: AGPL-3.0-or-later
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mutirao.kernel.clock
import mutirao.kernel.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("network", "0001_initial"),
        ("network", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("digest", models.CharField(help_text="SHA-256 of the content", max_length=64)),
                ("uploaded_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                (
                    "taken_in_at",
                    models.DateTimeField(blank=True, help_text="When payments were last taken from it", null=True),
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
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("network", "digest"), name="bank_statement_once")],
            },
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160)),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("title", "document"))),
                ("document", models.CharField(blank=True, help_text="The supplier's document number", max_length=60)),
                ("amount_minor", models.BigIntegerField()),
                ("paid_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(default="BRL", max_length=3)),
                ("registered_on", models.DateField(default=mutirao.kernel.clock.today)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "a pagar"), ("paid", "paga"), ("cancelled", "cancelada")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("source_kind", models.CharField(blank=True, max_length=60)),
                ("source_id", models.BigIntegerField(blank=True, null=True)),
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
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bills", to="catalogue.supplier"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["network", "state", "due_on"], name="bill_by_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True), ("source_id__isnull", False)
                        ),
                        fields=("network", "source_kind", "source_id", "supplier"),
                        name="bill_one_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 0), ("paid_minor__gte", 0)), name="bill_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BillPayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField()),
                ("paid_on", models.DateField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("pix", "Pix"),
                            ("transfer", "transferência"),
                            ("cash", "dinheiro"),
                            ("offset", "encontro de contas"),
                        ],
                        default="pix",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "bill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="payments.bill"
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
                        help_text="The mistake it undoes",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="payments.billpayment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True), name="bill_payment_not_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Runs on within the network")),
                ("title", models.CharField(max_length=160)),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("title",))),
                ("amount_minor", models.BigIntegerField()),
                (
                    "settled_minor",
                    models.BigIntegerField(default=0, help_text="Paid, covered by credit or written off so far"),
                ),
                ("currency", models.CharField(default="BRL", max_length=3)),
                ("issued_on", models.DateField(default=mutirao.kernel.clock.today)),
                ("due_on", models.DateField()),
                ("txid", models.CharField(max_length=25, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "em aberto"),
                            ("paid", "paga"),
                            ("written_off", "baixada"),
                            ("cancelled", "cancelada"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("cancelled_on", models.DateField(blank=True, null=True)),
                ("cancellation_reason", models.TextField(blank=True)),
                ("source_kind", models.CharField(blank=True, max_length=60)),
                ("source_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="network.enterprise"
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
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["network", "state", "due_on"], name="charge_by_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("network", "number"), name="charge_one_number"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True), ("source_id__isnull", False)
                        ),
                        fields=("network", "source_kind", "source_id", "enterprise"),
                        name="charge_one_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__gt", 0),
                            ("settled_minor__gte", 0),
                            ("settled_minor__lte", models.F("amount_minor")),
                        ),
                        name="charge_settled_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("balance_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(default="BRL", max_length=3)),
                (
                    "enterprise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_account",
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
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("balance_minor__gte", 0)), name="credit_never_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="BRL", max_length=3)),
                ("received_on", models.DateField()),
                (
                    "method",
                    models.CharField(
                        choices=[("pix", "Pix"), ("transfer", "transferência"), ("cash", "dinheiro")], max_length=10
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The bank line's own id: the same line is taken in once",
                        max_length=120,
                        null=True,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("reversed_at", models.DateTimeField(blank=True, null=True)),
                ("reversal_reason", models.TextField(blank=True)),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="network.enterprise"
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
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where it was read",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="payments.bankstatement",
                    ),
                ),
            ],
            options={
                "ordering": ["-received_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reference__isnull", False), ("reversed_at__isnull", True)),
                        fields=("network", "reference"),
                        name="payment_taken_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="payment_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="BRL", max_length=3)),
                ("on", models.DateField(default=mutirao.kernel.clock.today)),
                ("reason", models.CharField(max_length=200)),
                ("source_kind", models.CharField(blank=True, max_length=60)),
                ("source_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "charge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_movements",
                        to="payments.charge",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_movements",
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
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_movements",
                        to="payments.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True), name="credit_not_zero"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_id__isnull", False)),
                        fields=("network", "source_kind", "source_id", "enterprise"),
                        name="credit_one_a_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pix_key", models.CharField(blank=True, max_length=77, verbose_name="chave Pix")),
                ("merchant_name", models.CharField(blank=True, max_length=25, verbose_name="nome de quem recebe")),
                ("merchant_city", models.CharField(blank=True, max_length=15, verbose_name="cidade")),
                ("bank_holder", models.CharField(blank=True, max_length=70, verbose_name="titular da conta")),
                ("iban", models.CharField(blank=True, help_text="Without blanks", max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                ("instructions", models.TextField(blank=True, max_length=1000, verbose_name="como pagar")),
                ("days_to_pay", models.PositiveSmallIntegerField(default=7, verbose_name="dias para pagar")),
                ("last_charge_number", models.PositiveIntegerField(default=0, editable=False)),
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
                "constraints": [models.UniqueConstraint(fields=("network",), name="payment_settings_one_a_network")],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "pagamento"), ("credit", "crédito"), ("write_off", "baixa")], max_length=10
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("on", models.DateField(default=mutirao.kernel.clock.today)),
                ("reason", models.TextField(blank=True)),
                (
                    "charge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settlements", to="payments.charge"
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
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="payments.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True), name="settlement_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "payment"), ("payment__isnull", False)),
                            models.Q(models.Q(("kind", "payment"), _negated=True), ("payment__isnull", True)),
                            _connector="OR",
                        ),
                        name="settlement_with_its_payment",
                    ),
                ],
            },
        ),
    ]
