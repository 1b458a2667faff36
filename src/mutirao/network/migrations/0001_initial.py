# SPDX-License-Identifier: AGPL-3.0-or-later
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mutirao.kernel.clock
import mutirao.kernel.search


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(max_length=120, verbose_name="nome")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("name", "email"))),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefone")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="idioma")),
                ("is_active", models.BooleanField(default=True)),
                (
                    "is_operator",
                    models.BooleanField(default=False, help_text="Looks after the installation: networks, failed jobs"),
                ),
                ("joined_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                (
                    "password_unproved",
                    models.BooleanField(
                        default=False,
                        help_text="Set by whoever held an invitation's link; nobody has proved the address yet",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                (
                    "ibge_code",
                    models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name="código IBGE"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nome")),
                (
                    "folded",
                    models.CharField(db_index=True, help_text="See core.places.fold_place; for finding", max_length=80),
                ),
                ("state", models.CharField(max_length=2, verbose_name="UF")),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8)),
            ],
            options={
                "ordering": ["folded", "state"],
            },
        ),
        migrations.CreateModel(
            name="Network",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="endereço curto")),
                ("name", models.CharField(max_length=120, verbose_name="nome")),
                ("about", models.TextField(blank=True, verbose_name="sobre a rede")),
                ("country", models.CharField(default="BR", max_length=2, verbose_name="país")),
                ("currency", models.CharField(default="BRL", max_length=3, verbose_name="moeda")),
                (
                    "time_zone",
                    models.CharField(default="America/Sao_Paulo", max_length=40, verbose_name="fuso horário"),
                ),
                (
                    "language",
                    models.CharField(
                        default="pt-br", help_text="For those who chose none", max_length=10, verbose_name="idioma"
                    ),
                ),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("is_example", models.BooleanField(default=False)),
                (
                    "founding_closed_on",
                    models.DateField(
                        blank=True,
                        help_text="From this day on nobody is recognised as founder",
                        null=True,
                        verbose_name="fundação encerrada em",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SecondFactorReset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="motivo")),
                ("asked_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("not_before", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "confirmed_by",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_factor_resets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True), ("stopped_at__isnull", True)),
                        fields=("network", "person"),
                        name="second_factor_reset_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(
                                models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                                models.Q(("confirmed_by", models.F("person")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="second_factor_reset_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by", models.F("person")), _negated=True),
                        name="second_factor_reset_by_others",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at__isnull", True), ("confirmed_by__isnull", False), _connector="OR"),
                        name="second_factor_reset_confirmed_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Territory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="nome")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("name",))),
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
                "ordering": ["folded"],
                "constraints": [models.UniqueConstraint(fields=("network", "folded"), name="territory_one_name")],
            },
        ),
        migrations.CreateModel(
            name="ValueChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="nome")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("name",))),
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
                "ordering": ["folded"],
                "constraints": [models.UniqueConstraint(fields=("network", "folded"), name="value_chain_one_name")],
            },
        ),
        migrations.CreateModel(
            name="Enterprise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="nome")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("name",))),
                (
                    "findable",
                    mutirao.kernel.search.FoldedField(default="", sources=("name", "activity", "tax_id", "city")),
                ),
                (
                    "legal_form",
                    models.CharField(
                        choices=[
                            ("cooperative", "cooperativa"),
                            ("association", "associação"),
                            ("informal", "grupo informal"),
                            ("family", "empreendimento familiar"),
                            ("company", "empresa"),
                        ],
                        max_length=12,
                        verbose_name="forma",
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        default="BR", help_text="Two letters, ISO 3166-1", max_length=2, verbose_name="país"
                    ),
                ),
                (
                    "tax_id_kind",
                    models.CharField(
                        default="none", help_text="See core.countries", max_length=12, verbose_name="registro"
                    ),
                ),
                (
                    "tax_id",
                    models.CharField(
                        blank=True, help_text="Without punctuation", max_length=30, verbose_name="número do registro"
                    ),
                ),
                ("activity", models.CharField(blank=True, max_length=160, verbose_name="o que faz")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="endereço")),
                (
                    "city",
                    models.CharField(
                        blank=True, help_text="Where there is no municipality", max_length=120, verbose_name="cidade"
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=80, verbose_name="estado ou região")),
                ("postal_code", models.CharField(blank=True, max_length=12, verbose_name="código postal")),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=5, max_digits=8, null=True, verbose_name="longitude"
                    ),
                ),
                ("website", models.URLField(blank=True, verbose_name="site")),
                (
                    "member_count",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="pessoas que participam"),
                ),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="começou em")),
                ("notes", models.TextField(blank=True, verbose_name="observações")),
                ("joined_on", models.DateField(default=mutirao.kernel.clock.today, verbose_name="na rede desde")),
                ("is_active", models.BooleanField(default=True, verbose_name="ativo")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("candidate", "candidato"),
                            ("member", "membro"),
                            ("suspended", "suspenso"),
                            ("excluded", "excluído"),
                            ("left", "saiu da rede"),
                            ("partner", "parceiro"),
                        ],
                        default="candidate",
                        max_length=10,
                        verbose_name="situação na rede",
                    ),
                ),
                (
                    "standing_since",
                    models.DateField(default=mutirao.kernel.clock.today, verbose_name="nesta situação desde"),
                ),
                ("member_since", models.DateField(blank=True, null=True, verbose_name="membro desde")),
                ("founding_minutes_on", models.DateField(blank=True, null=True, verbose_name="ata de fundação de")),
                (
                    "founding_minutes_kept",
                    models.CharField(
                        blank=True,
                        help_text="Only for founding members",
                        max_length=200,
                        verbose_name="onde a ata está guardada",
                    ),
                ),
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
                    "territory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enterprises",
                        to="network.territory",
                        verbose_name="território",
                    ),
                ),
                (
                    "value_chain",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enterprises",
                        to="network.valuechain",
                        verbose_name="cadeia produtiva",
                    ),
                ),
            ],
            options={
                "ordering": ["folded"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("legal_form", "company"), _negated=True), ("standing", "partner"), _connector="OR"
                        ),
                        name="enterprise_company_only_partner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("standing__in", ("member", "suspended")), _negated=True),
                            ("member_since__isnull", False),
                            _connector="OR",
                        ),
                        name="enterprise_member_since_a_day",
                    ),
                    models.UniqueConstraint(fields=("network", "folded"), name="enterprise_one_name"),
                    models.UniqueConstraint(
                        condition=models.Q(("tax_id", ""), _negated=True),
                        fields=("network", "country", "tax_id"),
                        name="enterprise_one_tax_id",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("municipality__isnull", True), ("country", "BR"), _connector="OR"),
                        name="enterprise_municipality_of_brazil",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("tax_id", ""), ("tax_id_kind", "none")),
                            models.Q(
                                models.Q(("tax_id_kind", "none"), _negated=True),
                                models.Q(("tax_id", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="enterprise_tax_id_with_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="nome")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("role", models.CharField(max_length=30, verbose_name="papel")),
                (
                    "role_until",
                    models.DateField(blank=True, help_text="The first day the role is no longer held", null=True),
                ),
                ("scope", models.CharField(blank=True, max_length=200)),
                ("task", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="network.enterprise",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        help_text="None: the command",
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
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="nome")),
                ("duty", models.CharField(blank=True, max_length=80, verbose_name="função")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="network.enterprise"
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
        migrations.CreateModel(
            name="RoleAssignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=30, verbose_name="papel")),
                ("since", models.DateField(default=mutirao.kernel.clock.today, verbose_name="desde")),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="The first day it is no longer held", null=True, verbose_name="até"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        help_text="Of a consultancy: codes of modules, by spaces",
                        max_length=200,
                        verbose_name="partes do programa",
                    ),
                ),
                ("task", models.CharField(blank=True, max_length=200, verbose_name="o que faz")),
                (
                    "given_at",
                    models.DateTimeField(
                        default=mutirao.kernel.clock.now,
                        help_text="When it was written down, whatever day it is held from",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "consultant"), _negated=True),
                            models.Q(
                                ("until__isnull", False),
                                models.Q(("scope", ""), _negated=True),
                                models.Q(("task", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="role_consultancy_with_scope_and_end",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("enterprise__isnull", False), ("until__isnull", True)),
                        fields=("network", "person", "role", "enterprise"),
                        name="role_held_once_in_enterprise",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("enterprise__isnull", True), ("until__isnull", True)),
                        fields=("network", "person", "role"),
                        name="role_held_once_in_network",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="de")),
                ("until", models.DateField(help_text="The first day it is no longer in force", verbose_name="até")),
                ("reason", models.CharField(max_length=200, verbose_name="motivo")),
                ("given_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "to_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_received",
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
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delegations",
                        to="network.roleassignment",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="delegation_lasts_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="delegation_with_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("candidate", "candidato"),
                            ("member", "membro"),
                            ("suspended", "suspenso"),
                            ("excluded", "excluído"),
                            ("left", "saiu da rede"),
                            ("partner", "parceiro"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("candidate", "candidato"),
                            ("member", "membro"),
                            ("suspended", "suspenso"),
                            ("excluded", "excluído"),
                            ("left", "saiu da rede"),
                            ("partner", "parceiro"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField(default=mutirao.kernel.clock.today)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=mutirao.kernel.clock.now)),
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
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_changes",
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
            },
        ),
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="What it is for, in its owner's words", max_length=80, verbose_name="nome"
                    ),
                ),
                (
                    "prefix",
                    models.CharField(
                        help_text="The first signs of the secret, to know it by",
                        max_length=16,
                        verbose_name="começa por",
                    ),
                ),
                (
                    "digest",
                    models.CharField(help_text="SHA-256 of the secret, in hexadecimal", max_length=64, unique=True),
                ),
                ("reads_only", models.BooleanField(default=True, verbose_name="só lê")),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="usado por último")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="encerrado em")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="access_token_ends_some_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("second_factor_roles", models.JSONField(default=list)),
                (
                    "second_factor_since",
                    models.JSONField(default=dict, help_text="Role → the day (ISO) since when the rule names it"),
                ),
                ("grace_days", models.PositiveSmallIntegerField(default=14)),
                ("reset_wait_hours", models.PositiveSmallIntegerField(default=24)),
                ("confirm_after_days", models.PositiveSmallIntegerField(default=30)),
                (
                    "stricter",
                    models.JSONField(
                        default=dict,
                        help_text="What held before it was loosened, and the day (ISO) until it still does",
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
                    models.UniqueConstraint(fields=("network",), name="account_rules_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirm_after_days__gte", 1), ("grace_days__lte", 365), ("reset_wait_hours__gte", 1)
                        ),
                        name="account_rules_within_reason",
                    ),
                ],
            },
        ),
    ]
