# SPDX-License-Identifier: AGPL-3.0-or-later
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mutirao.kernel.clock
import mutirao.kernel.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_initial"),
        ("network", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Motion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="assunto")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("title",))),
                ("text", models.TextField(blank=True, verbose_name="texto")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("majority_of_all", "mais da metade dos que podem responder"),
                            ("two_thirds_of_all", "dois terços dos que podem responder"),
                            ("everyone", "todos os que podem responder"),
                        ],
                        default="majority_of_all",
                        max_length=20,
                        verbose_name="regra",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "em votação"),
                            ("passed", "aprovada"),
                            ("rejected", "recusada"),
                            ("withdrawn", "retirada"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("answer_until", models.DateTimeField(blank=True, null=True, verbose_name="responder até")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawal_reason", models.TextField(blank=True)),
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
                    "put_by",
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
                "ordering": ["-opened_at"],
                "indexes": [models.Index(fields=["network", "state", "answer_until"], name="motion_by_deadline")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("network", "source_kind", "source_id"),
                        name="motion_one_open_a_source",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        blank=True, choices=[("yes", "sim"), ("no", "não"), ("abstain", "abstenção")], max_length=8
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="por quê")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recorded_for",
                    models.CharField(
                        blank=True,
                        help_text="Where the centre wrote down an answer given by phone",
                        max_length=120,
                        verbose_name="quem disse",
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        blank=True, help_text="The way the answer came in: screen, phone, link…", max_length=20
                    ),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.enterprise"
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
                    "motion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entitlements", to="governance.motion"
                    ),
                ),
            ],
            options={
                "ordering": ["enterprise__folded"],
                "constraints": [
                    models.UniqueConstraint(fields=("motion", "enterprise"), name="one_enterprise_one_answer")
                ],
            },
        ),
        migrations.CreateModel(
            name="GivenAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(choices=[("yes", "sim"), ("no", "não"), ("abstain", "abstenção")], max_length=8),
                ),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("recorded_for", models.CharField(blank=True, max_length=120)),
                ("via", models.CharField(blank=True, max_length=20)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entitlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="given", to="governance.entitlement"
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
            },
        ),
    ]
