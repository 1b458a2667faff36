# SPDX-License-Identifier: AGPL-3.0-or-later
import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mutirao.kernel.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_initial"),
        ("network", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=160)),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                (
                    "path",
                    models.CharField(
                        blank=True, help_text="Where it leads, below this installation's address", max_length=300
                    ),
                ),
                ("source_kind", models.CharField(blank=True, max_length=60)),
                ("source_id", models.BigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "useful_until",
                    models.DateTimeField(blank=True, help_text="From then on it is not sent any more", null=True),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["network", "person"],
                        name="notice_unread",
                    ),
                    models.Index(fields=["network", "person", "-created_at"], name="notice_by_time"),
                ],
                "constraints": [models.UniqueConstraint(fields=("network", "person", "key"), name="notice_said_once")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[("email", "e-mail"), ("push", "no aparelho"), ("digest", "no resumo")], max_length=6
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "na fila"),
                            ("sending", "saindo"),
                            ("sent", "enviado"),
                            ("skipped", "não foi preciso"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, help_text="When somebody began to send it", null=True)),
                ("taken_by", models.CharField(blank=True, help_text="The run that sends it", max_length=32)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
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
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="notices.notice"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sending"])),
                        fields=["network", "way", "due_at"],
                        name="delivery_under_way",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("notice", "way"), name="delivery_one_a_way")],
            },
        ),
        migrations.CreateModel(
            name="NoticeSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "digest",
                    models.CharField(
                        choices=[("daily", "todo dia"), ("weekly", "toda segunda-feira"), ("never", "nunca")],
                        default="daily",
                        max_length=6,
                        verbose_name="resumo por e-mail",
                    ),
                ),
                ("is_email_off", models.BooleanField(default=False, verbose_name="nenhum e-mail")),
                ("quiet_from", models.TimeField(default=datetime.time(21, 0), verbose_name="silêncio a partir de")),
                ("quiet_until", models.TimeField(default=datetime.time(7, 0), verbose_name="até")),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_settings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("network", "person"), name="notice_settings_one_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                (
                    "email",
                    models.CharField(
                        choices=[("now", "na hora"), ("digest", "no resumo"), ("never", "não")], max_length=6
                    ),
                ),
                ("push", models.BooleanField()),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("network", "person", "kind"), name="preference_one_a_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="ShortLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("path", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("expires_at", models.DateTimeField()),
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
                "constraints": [models.UniqueConstraint(fields=("network", "path"), name="short_link_one_a_page")],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("endpoint", models.CharField(max_length=600)),
                ("endpoint_hash", models.CharField(max_length=64)),
                ("browser_key", models.CharField(max_length=120)),
                ("auth", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("added_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("reached_at", models.DateTimeField(blank=True, null=True)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("network", "person", "endpoint_hash"), name="device_once_a_person")
                ],
            },
        ),
    ]
