# SPDX-License-Identifier: AGPL-3.0-or-later
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mutirao.kernel.clock
import mutirao.kernel.search
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
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="nome")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("name",))),
                ("findable", mutirao.kernel.search.FoldedField(default="", sources=("name", "relationship", "city"))),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("union", "sindicato"),
                            ("movement", "movimento social"),
                            ("church", "igreja ou pastoral"),
                            ("university", "universidade ou escola"),
                            ("incubator", "incubadora"),
                            ("council", "conselho"),
                            ("city_hall", "prefeitura ou órgão público"),
                            ("programme", "programa público"),
                            ("buyer", "quem compra"),
                            ("forum", "fórum ou rede"),
                            ("funder", "quem financia"),
                            ("other", "outro"),
                        ],
                        max_length=12,
                        verbose_name="o que é",
                    ),
                ),
                (
                    "city",
                    models.CharField(
                        blank=True, help_text="Where there is no municipality", max_length=120, verbose_name="cidade"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, help_text="As core.phones keeps it", max_length=30, verbose_name="telefone da casa"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail da casa")),
                ("site", models.URLField(blank=True, verbose_name="página na internet")),
                ("relationship", models.TextField(blank=True, verbose_name="nossa relação")),
                ("next_step", models.CharField(blank=True, max_length=240, verbose_name="próximo passo")),
                ("next_step_until", models.DateField(blank=True, null=True, verbose_name="até")),
                ("is_active", models.BooleanField(default=True)),
                ("enterprises", models.ManyToManyField(blank=True, related_name="partners", to="network.enterprise")),
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
                (
                    "next_step_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "products",
                    models.ManyToManyField(
                        blank=True, help_text="What it buys", related_name="partners", to="catalogue.product"
                    ),
                ),
            ],
            options={
                "ordering": ["folded"],
                "indexes": [models.Index(fields=["network", "next_step_until"], name="partner_by_next_step")],
                "constraints": [models.UniqueConstraint(fields=("network", "folded"), name="partner_one_name")],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_because", models.CharField(blank=True, max_length=300, verbose_name="motivo")),
                ("held_on", models.DateField(verbose_name="quando")),
                ("who", models.CharField(max_length=240, verbose_name="quem foi")),
                ("what", models.TextField(verbose_name="o que se conversou")),
                (
                    "step",
                    models.CharField(blank=True, help_text="The next step that this talk ended", max_length=240),
                ),
                ("step_until", models.DateField(blank=True, null=True)),
                (
                    "step_by",
                    models.ForeignKey(
                        blank=True,
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
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="territory.partner"
                    ),
                ),
            ],
            options={
                "ordering": ["-held_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("struck_at__isnull", True), ("struck_because", "")),
                            models.Q(("struck_at__isnull", False), models.Q(("struck_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="meeting_struck_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_because", models.CharField(blank=True, max_length=300, verbose_name="motivo")),
                ("text", models.TextField(verbose_name="o que ficou combinado")),
                ("since", models.DateField(verbose_name="desde")),
                ("until", models.DateField(blank=True, null=True, verbose_name="até")),
                ("file", models.FileField(blank=True, upload_to=mutirao.kernel.uploads.kept_below("agreements"))),
                (
                    "file_name",
                    models.CharField(blank=True, help_text="As it was called by whoever sent it", max_length=160),
                ),
                ("file_type", models.CharField(blank=True, help_text="Content type", max_length=40)),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="agreements", to="territory.partner"
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="agreement_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("struck_at__isnull", True), ("struck_because", "")),
                            models.Q(("struck_at__isnull", False), models.Q(("struck_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="agreement_struck_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="nome")),
                ("duty", models.CharField(blank=True, max_length=80, verbose_name="função")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "kept_because",
                    models.CharField(blank=True, max_length=200, verbose_name="por que guardamos o contato"),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="people", to="territory.partner"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("email", ""), ("phone", "")),
                            models.Q(("kept_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="partner_person_kept_for_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_because", models.CharField(blank=True, max_length=300, verbose_name="motivo")),
                ("number", models.CharField(max_length=40, verbose_name="número")),
                ("title", models.CharField(max_length=200, verbose_name="o que se compra")),
                ("findable", mutirao.kernel.search.FoldedField(default="", sources=("number", "title"))),
                ("opens_on", models.DateField(blank=True, null=True, verbose_name="abre em")),
                ("closes_on", models.DateField(verbose_name="propostas até")),
                ("value_minor", models.BigIntegerField(blank=True, null=True, verbose_name="valor")),
                ("currency", models.CharField(default="BRL", max_length=3)),
                ("goods", models.TextField(blank=True, verbose_name="produtos pedidos")),
                ("link", models.URLField(blank=True, verbose_name="edital")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("watching", "avaliando"),
                            ("preparing", "preparando a proposta"),
                            ("sent", "proposta enviada"),
                            ("won", "ganhamos"),
                            ("lost", "não ganhamos"),
                            ("passed", "não vamos participar"),
                        ],
                        default="watching",
                        max_length=10,
                        verbose_name="como está",
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=0, help_text="How often it was changed: calendars follow the highest"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="territory.partner"
                    ),
                ),
            ],
            options={
                "ordering": ["closes_on", "pk"],
                "indexes": [models.Index(fields=["network", "closes_on"], name="public_call_by_deadline")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("struck_at__isnull", True)),
                        fields=("partner", "number"),
                        name="public_call_one_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("struck_at__isnull", True), ("struck_because", "")),
                            models.Q(("struck_at__isnull", False), models.Q(("struck_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="public_call_struck_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_on__isnull", True), ("closes_on__gte", models.F("opens_on")), _connector="OR"
                        ),
                        name="public_call_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value_minor__isnull", True), ("value_minor__gte", 0), _connector="OR"),
                        name="public_call_value_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("direction", models.CharField(choices=[("makes", "produz"), ("uses", "usa")], max_length=5)),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="quantidade"
                    ),
                ),
                (
                    "per",
                    models.CharField(
                        choices=[("month", "por mês"), ("year", "por ano")], default="month", max_length=5
                    ),
                ),
                (
                    "season",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="A bit a month, 0 for the whole year", verbose_name="meses"
                    ),
                ),
                ("sold_to", models.CharField(blank=True, max_length=160, verbose_name="quem compra")),
                ("note", models.CharField(blank=True, max_length=240, verbose_name="observação")),
                ("updated_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chain_links", to="network.enterprise"
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
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chain_links", to="catalogue.product"
                    ),
                ),
            ],
            options={
                "ordering": ["enterprise__folded", "direction", "product__folded"],
                "constraints": [
                    models.UniqueConstraint(fields=("enterprise", "product", "direction"), name="chain_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__isnull", True), ("quantity__gt", 0), _connector="OR"),
                        name="chain_link_above_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("season__lt", 4095)), name="chain_link_season_of_twelve"
                    ),
                ],
            },
        ),
    ]
