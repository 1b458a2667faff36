# SPDX-License-Identifier: AGPL-3.0-or-later
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import mutirao.kernel.clock
import mutirao.kernel.uploads


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("network", "0001_initial"),
        ("network", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="nome")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="endereço")),
                ("is_active", models.BooleanField(default=True, verbose_name="em uso")),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.municipality",
                        verbose_name="município",
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
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("network", "name"), name="delivery_place_one_name")],
            },
        ),
        migrations.CreateModel(
            name="PurchaseRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Running number in the network")),
                ("title", models.CharField(max_length=120, verbose_name="nome da rodada")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "em preparo"),
                            ("open", "recebendo pedidos"),
                            ("quoting", "cotando"),
                            ("approval", "em aprovação"),
                            ("approved", "aprovada"),
                            ("ordered", "encomendada"),
                            ("received", "recebida"),
                            ("charged", "cobrada"),
                            ("settled", "encerrada"),
                            ("cancelled", "cancelada"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("currency", models.CharField(default="BRL", max_length=3)),
                ("opens_on", models.DateField(blank=True, null=True, verbose_name="abre em")),
                ("needs_until", models.DateTimeField(verbose_name="pedidos até")),
                ("deliver_on", models.DateField(blank=True, null=True, verbose_name="entrega prevista")),
                (
                    "allocation_rule",
                    models.CharField(
                        choices=[
                            ("proportional", "proporcional ao pedido de cada um"),
                            ("equal", "partes iguais, até o pedido de cada um"),
                            ("chronological", "por ordem de chegada dos pedidos"),
                        ],
                        max_length=14,
                        verbose_name="como repartir o que não dá para todos",
                    ),
                ),
                (
                    "freight_rule",
                    models.CharField(
                        choices=[
                            ("value", "pelo valor do que cada um leva"),
                            ("weight", "pelo peso do que cada um leva"),
                            ("equal", "em partes iguais"),
                        ],
                        max_length=8,
                        verbose_name="como repartir o frete",
                    ),
                ),
                (
                    "fee_rule",
                    models.CharField(
                        choices=[
                            ("value", "pelo valor do que cada um leva"),
                            ("weight", "pelo peso do que cada um leva"),
                            ("equal", "em partes iguais"),
                        ],
                        max_length=8,
                        verbose_name="como repartir as taxas",
                    ),
                ),
                (
                    "fees_minor",
                    models.BigIntegerField(
                        default=0, help_text="Handling, fund; shared by fee_rule", verbose_name="taxas da rodada"
                    ),
                ),
                ("fees_purpose", models.CharField(blank=True, max_length=160, verbose_name="para que é a taxa")),
                ("budget_minor", models.BigIntegerField(blank=True, null=True, verbose_name="orçamento")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decidida na reunião de")),
                ("decision_note", models.TextField(blank=True, verbose_name="o que a reunião decidiu")),
                ("notes", models.TextField(blank=True, verbose_name="recado aos empreendimentos")),
                (
                    "link_token",
                    models.CharField(
                        help_text="Short link to the needs list; opens after sign-in", max_length=24, unique=True
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=0, help_text="Grows with each change: stale edits are noticed"),
                ),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("cancelled_reason", models.TextField(blank=True)),
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
                    "places",
                    models.ManyToManyField(
                        related_name="rounds", to="purchasing.deliveryplace", verbose_name="locais de entrega"
                    ),
                ),
            ],
            options={
                "ordering": ["-needs_until", "-pk"],
                "indexes": [models.Index(fields=["network", "state"], name="round_by_state")],
                "constraints": [models.UniqueConstraint(fields=("network", "number"), name="round_one_number")],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "ainda não respondeu"),
                            ("answered", "pediu"),
                            ("declined", "não vai participar desta vez"),
                        ],
                        default="invited",
                        max_length=8,
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, help_text="First answer: the order of arrival", null=True),
                ),
                ("updated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "told_by",
                    models.CharField(
                        blank=True,
                        help_text="Filled when the centre entered the needs",
                        max_length=120,
                        verbose_name="quem pediu por telefone",
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=240, verbose_name="recado para a equipe")),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
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
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="purchasing.deliveryplace",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="purchasing.purchaseround",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("round", "enterprise"), name="participation_once")],
            },
        ),
        migrations.CreateModel(
            name="CostShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("goods_minor", models.BigIntegerField()),
                ("freight_minor", models.BigIntegerField()),
                ("fees_minor", models.BigIntegerField()),
                (
                    "alone_minor",
                    models.BigIntegerField(blank=True, help_text="What buying alone would have cost", null=True),
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
                    "participation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="share", to="purchasing.participation"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="purchasing.purchaseround",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AwardScenario",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("best", "melhor divisão"),
                            ("single", "melhor fornecedor único"),
                            ("manual", "divisão feita à mão"),
                            ("alone", "cada um comprando sozinho"),
                        ],
                        max_length=8,
                    ),
                ),
                ("status", models.CharField(help_text="optimal, feasible, infeasible", max_length=12)),
                (
                    "gap",
                    models.DecimalField(
                        blank=True, decimal_places=6, help_text="0.01 is one percent", max_digits=9, null=True
                    ),
                ),
                ("goods_minor", models.BigIntegerField(default=0)),
                ("freight_minor", models.BigIntegerField(default=0)),
                (
                    "details",
                    models.JSONField(
                        default=dict, help_text="Reasons as codes with parameters; what each enterprise pays"
                    ),
                ),
                ("computed_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("is_chosen", models.BooleanField(default=False)),
                ("chosen_reason", models.TextField(blank=True, verbose_name="por que esta")),
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scenarios",
                        to="purchasing.purchaseround",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "kind"), name="scenario_one_a_kind"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_chosen", True)), fields=("round",), name="scenario_one_chosen"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchasingSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "allocation_rule",
                    models.CharField(
                        choices=[
                            ("proportional", "proporcional ao pedido de cada um"),
                            ("equal", "partes iguais, até o pedido de cada um"),
                            ("chronological", "por ordem de chegada dos pedidos"),
                        ],
                        default="proportional",
                        max_length=14,
                        verbose_name="como repartir o que não dá para todos",
                    ),
                ),
                (
                    "freight_rule",
                    models.CharField(
                        choices=[
                            ("value", "pelo valor do que cada um leva"),
                            ("weight", "pelo peso do que cada um leva"),
                            ("equal", "em partes iguais"),
                        ],
                        default="value",
                        max_length=8,
                        verbose_name="como repartir o frete",
                    ),
                ),
                (
                    "fee_rule",
                    models.CharField(
                        choices=[
                            ("value", "pelo valor do que cada um leva"),
                            ("weight", "pelo peso do que cada um leva"),
                            ("equal", "em partes iguais"),
                        ],
                        default="value",
                        max_length=8,
                        verbose_name="como repartir as taxas",
                    ),
                ),
                (
                    "solidarity_preference",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Whole percent by which such a supplier's goods count as cheaper than they are",
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="preferência à economia solidária (%)",
                    ),
                ),
                (
                    "local_preference",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="preferência a quem é do território (%)",
                    ),
                ),
                (
                    "supplier_cost_minor",
                    models.BigIntegerField(
                        default=0,
                        help_text="Minor units, weighed in the award only",
                        verbose_name="custo de lidar com mais um fornecedor",
                    ),
                ),
                (
                    "max_suppliers",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="no máximo tantos fornecedores"
                    ),
                ),
                (
                    "approval_rule",
                    models.CharField(default="majority_of_all", max_length=20, verbose_name="quem aprova a compra"),
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
                "constraints": [models.UniqueConstraint(fields=("network",), name="purchasing_settings_one_a_network")],
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minimum_order_minor", models.BigIntegerField(default=0, verbose_name="pedido mínimo")),
                ("freight_minor", models.BigIntegerField(default=0, verbose_name="frete fixo")),
                (
                    "freight_per_kg",
                    models.DecimalField(
                        decimal_places=6,
                        default=0,
                        help_text="Major units per kilogram",
                        max_digits=18,
                        verbose_name="frete por quilo",
                    ),
                ),
                (
                    "free_freight_from_minor",
                    models.BigIntegerField(blank=True, null=True, verbose_name="frete grátis a partir de"),
                ),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="vale até")),
                ("payment_terms", models.CharField(blank=True, max_length=120, verbose_name="condições de pagamento")),
                (
                    "days_to_deliver",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="prazo de entrega (dias)"),
                ),
                ("notes", models.TextField(blank=True, verbose_name="observações")),
                ("received_on", models.DateField(default=mutirao.kernel.clock.today, verbose_name="recebida em")),
                ("is_withdrawn", models.BooleanField(default=False)),
                (
                    "origin",
                    models.CharField(
                        choices=[("team", "pela equipe"), ("supplier", "pelo fornecedor, por link")],
                        default="team",
                        max_length=8,
                        verbose_name="quem cadastrou",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=0, help_text="Grows with each change: stale edits are noticed"),
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
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        help_text="The version that the supplier corrected; it stays as it was sent",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaced_by",
                        to="purchasing.quote",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quotes",
                        to="purchasing.purchaseround",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="quotes", to="catalogue.supplier"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_withdrawn", False)),
                        fields=("round", "supplier"),
                        name="quote_one_a_supplier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("freight_minor__gte", 0), ("freight_per_kg__gte", 0), ("minimum_order_minor__gte", 0)
                        ),
                        name="quote_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "pronto para enviar"),
                            ("sent", "enviado"),
                            ("received", "recebido"),
                            ("cancelled", "cancelado"),
                        ],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                ("goods_minor", models.BigIntegerField()),
                ("freight_minor", models.BigIntegerField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("sent_how", models.CharField(blank=True, max_length=80)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="catalogue.supplier"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="purchasing.purchaseround",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="purchasing.quote"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("network", "number"), name="order_one_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("round", "supplier"),
                        name="order_one_a_supplier",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token_hash",
                    models.CharField(help_text="SHA-256; the token itself is nowhere kept", max_length=64, unique=True),
                ),
                ("salt", models.CharField(max_length=32)),
                (
                    "issue",
                    models.PositiveIntegerField(
                        default=1, help_text="Grows with each new link, which ends the one before"
                    ),
                ),
                ("answer_until", models.DateTimeField(verbose_name="responder até")),
                ("message", models.TextField(blank=True, verbose_name="recado ao fornecedor")),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("decline_reason", models.CharField(blank=True, max_length=240)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "draft",
                    models.JSONField(default=dict, help_text="What was typed and not sent yet, as the form sends it"),
                ),
                ("draft_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mailing_at",
                    models.DateTimeField(blank=True, help_text="When somebody began to send the e-mail", null=True),
                ),
                (
                    "mailed_at",
                    models.DateTimeField(blank=True, help_text="When the e-mail with this link went out", null=True),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quote_requests",
                        to="purchasing.purchaseround",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote_requests",
                        to="catalogue.supplier",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "supplier"), name="quote_request_one_a_supplier")
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to=mutirao.kernel.uploads.kept_below("quotes"))),
                ("name", models.CharField(max_length=120)),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField(help_text="Bytes")),
                ("sent_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="purchasing.quoterequest"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_on", models.DateField(default=mutirao.kernel.clock.today, verbose_name="recebido em")),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="número da nota")),
                ("access_key", models.CharField(blank=True, max_length=44, verbose_name="chave de acesso")),
                ("freight_minor", models.BigIntegerField(default=0, verbose_name="frete cobrado")),
                ("other_minor", models.BigIntegerField(default=0, verbose_name="outras despesas da nota")),
                ("notes", models.TextField(blank=True, verbose_name="observações")),
                ("version", models.PositiveIntegerField(default=0)),
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
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="purchasing.purchaseorder",
                    ),
                ),
                (
                    "received_by",
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
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReceiptPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("image", models.ImageField(upload_to="receipts/%Y/%m/")),
                ("caption", models.CharField(blank=True, max_length=120)),
                ("taken_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
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
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="purchasing.receipt"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RoundGood",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pack_size",
                    models.DecimalField(
                        decimal_places=6,
                        default=1,
                        help_text="Packs by which needs become an order; from the quotes",
                        max_digits=18,
                        verbose_name="vem em embalagens de",
                    ),
                ),
                ("minimum_packs", models.PositiveIntegerField(default=0, verbose_name="mínimo de embalagens")),
                (
                    "last_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Landed, per unit, from the last round",
                        max_digits=18,
                        null=True,
                        verbose_name="último preço",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=160, verbose_name="observação")),
                ("position", models.PositiveIntegerField(default=0)),
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
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.product"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="goods", to="purchasing.purchaseround"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "product"), name="round_good_once"),
                    models.CheckConstraint(condition=models.Q(("pack_size__gt", 0)), name="round_good_pack_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("brand", models.CharField(blank=True, max_length=80, verbose_name="marca")),
                (
                    "pack_size",
                    models.DecimalField(decimal_places=6, default=1, max_digits=18, verbose_name="embalagem"),
                ),
                (
                    "available",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="tem disponível"
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
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="purchasing.quote"
                    ),
                ),
                (
                    "good",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quote_lines",
                        to="purchasing.roundgood",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("quote", "good", "brand", "pack_size"), name="quote_line_once"),
                    models.CheckConstraint(condition=models.Q(("pack_size__gt", 0)), name="quote_line_pack_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("packs", models.PositiveIntegerField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18)),
                ("cost_minor", models.BigIntegerField()),
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="purchasing.purchaseorder"
                    ),
                ),
                (
                    "quote_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="purchasing.quoteline"
                    ),
                ),
                (
                    "good",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_lines",
                        to="purchasing.roundgood",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CostShareLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("goods_minor", models.BigIntegerField()),
                ("freight_minor", models.BigIntegerField()),
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
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="purchasing.costshare"
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="purchasing.orderline"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PriceBreak",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_quantity",
                    models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="a partir de"),
                ),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="preço por unidade")),
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="breaks", to="purchasing.quoteline"
                    ),
                ),
            ],
            options={
                "ordering": ["from_quantity"],
                "constraints": [
                    models.UniqueConstraint(fields=("line", "from_quantity"), name="price_break_once"),
                    models.CheckConstraint(
                        condition=models.Q(("from_quantity__gte", 0), ("unit_price__gte", 0)), name="price_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("packs", models.PositiveIntegerField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18)),
                ("cost_minor", models.BigIntegerField()),
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
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="purchasing.awardscenario"
                    ),
                ),
                (
                    "quote_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="purchasing.quoteline"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ReceiptLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="chegou")),
                ("damaged", models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="estragado")),
                ("returned", models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="devolvido")),
                ("billed_minor", models.BigIntegerField(verbose_name="valor na nota")),
                ("credited_minor", models.BigIntegerField(default=0, verbose_name="crédito do fornecedor")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="o que houve")),
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
                    "order_line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt_line",
                        to="purchasing.orderline",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="purchasing.receipt"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("damaged__gte", 0),
                            (
                                "received__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("damaged"), "+", models.F("returned")
                                ),
                            ),
                            ("returned__gte", 0),
                        ),
                        name="receipt_line_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credited_minor__gte", 0), ("credited_minor__lte", models.F("billed_minor"))
                        ),
                        name="receipt_credit_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="quantidade")),
                (
                    "tolerance",
                    models.DecimalField(decimal_places=6, default=0, max_digits=18, verbose_name="aceita até mais"),
                ),
                ("updated_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
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
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="needs", to="purchasing.participation"
                    ),
                ),
                (
                    "good",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="needs", to="purchasing.roundgood"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("participation", "good"), name="need_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 0), ("tolerance__gte", 0)), name="need_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(choices=[("planned", "previsto"), ("received", "recebido")], max_length=8)),
                ("granted", models.DecimalField(decimal_places=6, max_digits=18)),
                ("from_tolerance", models.DecimalField(decimal_places=6, default=0, max_digits=18)),
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
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="allocations",
                        to="purchasing.participation",
                    ),
                ),
                (
                    "good",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="allocations",
                        to="purchasing.roundgood",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("good", "participation", "stage"), name="allocation_once_a_stage"),
                    models.CheckConstraint(condition=models.Q(("granted__gte", 0)), name="allocation_not_negative"),
                ],
            },
        ),
    ]
