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
        ("network", "0001_initial"),
        ("network", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Moment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=140, verbose_name="título")),
                ("text", models.TextField(blank=True, verbose_name="o que aconteceu")),
                ("findable", mutirao.kernel.search.FoldedField(default="", sources=("title", "text", "place"))),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("foundation", "começo"),
                            ("struggle", "luta"),
                            ("conquest", "conquista"),
                            ("people", "gente"),
                            ("work", "trabalho"),
                            ("feast", "festa"),
                            ("learning", "aprendizado"),
                            ("loss", "perda"),
                        ],
                        max_length=10,
                        verbose_name="o que foi",
                    ),
                ),
                (
                    "horizon",
                    models.CharField(
                        blank=True,
                        choices=[("short", "memória curta"), ("middle", "memória média"), ("long", "memória longa")],
                        help_text="Empty: by how far back it lies",
                        max_length=6,
                        verbose_name="memória",
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        help_text="The first day of what is remembered; see precision", verbose_name="quando"
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[("day", "o dia certo"), ("month", "o mês"), ("year", "o ano"), ("decade", "a década")],
                        default="day",
                        max_length=6,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="onde")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "rascunho"), ("published", "publicado")], default="draft", max_length=9
                    ),
                ),
                ("written_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: the whole network",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moments",
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
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
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
                "ordering": ["-day", "-pk"],
                "indexes": [models.Index(fields=["network", "state", "-day"], name="moment_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("state", "draft")),
                            models.Q(("published_at__isnull", False), ("state", "published")),
                            _connector="OR",
                        ),
                        name="moment_published_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Keepsake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("photo", "foto"), ("document", "documento"), ("audio", "áudio")], max_length=8
                    ),
                ),
                ("file", models.FileField(upload_to=mutirao.kernel.uploads.kept_below("memory"))),
                (
                    "preview",
                    models.FileField(
                        blank=True,
                        help_text="A smaller photo, for lists",
                        upload_to=mutirao.kernel.uploads.kept_below("memory"),
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("content_type", models.CharField(max_length=40)),
                ("description", models.CharField(max_length=300, verbose_name="o que se vê ou se ouve")),
                ("transcription", models.TextField(blank=True, verbose_name="transcrição")),
                ("credit", models.CharField(blank=True, max_length=120, verbose_name="de quem é")),
                ("shows_nobody", models.BooleanField(default=False, verbose_name="ninguém pode ser reconhecido")),
                ("added_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
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
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="keepsakes", to="memory.moment"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("description", ""), _negated=True), name="keepsake_is_described"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Portrayal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="nome")),
                ("is_minor", models.BooleanField(default=False, verbose_name="tem menos de 18 anos")),
                ("guardian", models.CharField(blank=True, max_length=120, verbose_name="responsável que autorizou")),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("paper", "assinou um papel"),
                            ("message", "escreveu uma mensagem"),
                            ("voice", "gravou em áudio"),
                            ("assembly", "disse em assembleia, com ata"),
                            ("spoken", "disse de viva voz, com testemunha"),
                        ],
                        max_length=8,
                        verbose_name="como autorizou",
                    ),
                ),
                ("given_on", models.DateField(blank=True, null=True, verbose_name="quando autorizou")),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("inside", "só dentro da rede"),
                            ("booklet", "na rede e no livreto"),
                            ("public", "em todo lugar"),
                        ],
                        max_length=7,
                        verbose_name="até onde pode ir",
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=200, verbose_name="onde está a prova")),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "keepsake",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portrayals",
                        to="memory.keepsake",
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="portrayals", to="memory.moment"
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
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_on__isnull", True), ("how", ""), ("scope", "")),
                            models.Q(
                                models.Q(("scope", ""), _negated=True),
                                models.Q(("how", ""), _negated=True),
                                ("given_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consent_whole_or_not_at_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_minor", False),
                            ("scope", ""),
                            models.Q(("guardian", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="consent_of_a_minor_by_the_guardian",
                    ),
                ],
            },
        ),
    ]
