# SPDX-License-Identifier: AGPL-3.0-or-later
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mutirao.admission.models
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
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="número")),
                (
                    "kind",
                    models.CharField(
                        choices=[("entry", "entrada"), ("renewal", "renovação")], default="entry", max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "rascunho"),
                            ("submitted", "enviado"),
                            ("review", "em exame"),
                            ("admitted", "aceito"),
                            ("refused", "recusado"),
                            ("withdrawn", "retirado"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(help_text="SHA-256 of the private link's token", max_length=64, unique=True),
                ),
                ("name", models.CharField(max_length=160, verbose_name="nome do grupo")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("name",))),
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
                    "tax_id",
                    models.CharField(
                        blank=True, help_text="Without punctuation", max_length=30, verbose_name="número do registro"
                    ),
                ),
                (
                    "member_count",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="pessoas que participam"),
                ),
                ("activity", models.CharField(blank=True, max_length=160, verbose_name="o que faz")),
                (
                    "city",
                    models.CharField(
                        blank=True, help_text="Where there is no municipality", max_length=120, verbose_name="cidade"
                    ),
                ),
                ("contact_name", models.CharField(max_length=120, verbose_name="com quem falar")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("about", models.TextField(blank=True, verbose_name="como o grupo trabalha")),
                ("created_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("decide_by", models.DateField(blank=True, null=True, verbose_name="decidir até")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.CharField(
                        blank=True,
                        choices=[("reviewers", "voto de quem examina o pedido"), ("assembly", "assembleia, com a ata")],
                        max_length=10,
                    ),
                ),
                ("decision_reason", models.TextField(blank=True, verbose_name="por quê")),
                ("minutes_on", models.DateField(blank=True, null=True, verbose_name="ata de")),
                ("minutes_kept", models.CharField(blank=True, max_length=200, verbose_name="onde está a ata")),
                ("appeal_until", models.DateField(blank=True, null=True, verbose_name="recorrer até")),
                (
                    "decision_recorded_by",
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
                        related_name="applications",
                        to="network.enterprise",
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
                    "proposed_by",
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
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["network", "state"], name="application_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("network", "number"), name="application_one_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("legal_form", "company"), ("state__in", ("review", "admitted")), _negated=True
                        ),
                        name="application_company_never_admitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "admitted"), _negated=True),
                            ("enterprise__isnull", False),
                            _connector="OR",
                        ),
                        name="application_admitted_has_enterprise",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "submitted", "review"))),
                        fields=("enterprise",),
                        name="application_one_open_an_enterprise",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "code",
                    models.CharField(
                        help_text="Unguessable; on the paper and in its QR code", max_length=24, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("valid", "válido"),
                            ("suspended", "suspenso"),
                            ("expired", "vencido"),
                            ("revoked", "cancelado"),
                            ("replaced", "substituído por outro"),
                        ],
                        default="valid",
                        max_length=10,
                    ),
                ),
                ("enterprise_name", models.CharField(max_length=160)),
                ("network_name", models.CharField(max_length=120)),
                ("issued_on", models.DateField(default=mutirao.kernel.clock.today)),
                ("expires_on", models.DateField(help_text="The last day it is valid")),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256 of what the certificate says (core.certificates)", max_length=64
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="admission.application",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="network.enterprise",
                    ),
                ),
                (
                    "issued_by",
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
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("network", "number"), name="certificate_one_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("valid", "suspended"))),
                        fields=("enterprise",),
                        name="certificate_one_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("law", "lei"),
                            ("principle", "princípio do cooperativismo"),
                            ("network", "regra da rede"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("proof", models.TextField(blank=True)),
                ("norm", models.CharField(blank=True, max_length=120)),
                ("article", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_required", models.BooleanField(default=True)),
                ("answer", models.TextField(blank=True, verbose_name="o que o grupo diz")),
                ("is_refusal_ground", models.BooleanField(default=False, help_text="Named as not met by the decision")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="admission.application"
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
                "ordering": ["position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("application", "code"), name="checklist_one_code")],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="qual é a ligação")),
                ("declared_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="admission.application",
                    ),
                ),
                (
                    "declared_by",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("application", "person"), name="conflict_once")],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("law", "lei"),
                            ("principle", "princípio do cooperativismo"),
                            ("network", "regra da rede"),
                        ],
                        max_length=10,
                        verbose_name="de onde vem",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="em poucas palavras")),
                ("text", models.TextField(verbose_name="o que se pede")),
                ("proof", models.TextField(blank=True, verbose_name="como se mostra")),
                ("norm", models.CharField(blank=True, max_length=120, verbose_name="norma")),
                ("article", models.CharField(blank=True, max_length=120, verbose_name="artigo")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_required", models.BooleanField(default=True, verbose_name="sem ele não se entra")),
                ("is_active", models.BooleanField(default=True, verbose_name="em uso")),
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
                "ordering": ["position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("network", "code"), name="criterion_one_code")],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statute", "estatuto ou regimento"),
                            ("minutes", "ata"),
                            ("member_list", "lista de quem participa"),
                            ("declaration", "declaração assinada por quem participa"),
                            ("reference", "referência de um membro da rede"),
                            ("visit", "relato de visita"),
                            ("other", "outro documento ou foto"),
                        ],
                        max_length=12,
                        verbose_name="o que é",
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("file", models.FileField(blank=True, upload_to=mutirao.admission.models._evidence_folder)),
                ("content_type", models.CharField(blank=True, max_length=40)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 of the file as kept", max_length=64)),
                ("added_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: the group by its link",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="admission.application"
                    ),
                ),
                (
                    "by_enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.enterprise",
                    ),
                ),
                ("items", models.ManyToManyField(blank=True, related_name="evidence", to="admission.checklistitem")),
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
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "reference")),
                        fields=("application", "by_enterprise"),
                        name="reference_once_an_enterprise",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("file", ""), ("text", ""), _negated=True), name="evidence_shows_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("suspension", "suspensão"), ("exclusion", "exclusão")], max_length=10),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("hearing", "ouvindo o empreendimento"),
                            ("in_force", "em vigor"),
                            ("on_hold", "parada pelo recurso"),
                            ("dropped", "arquivada"),
                            ("lifted", "encerrada"),
                            ("overturned", "desfeita pela assembleia"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(verbose_name="motivo")),
                ("opened_on", models.DateField(default=mutirao.kernel.clock.today)),
                ("hear_until", models.DateField(blank=True, null=True, verbose_name="ser ouvido até")),
                ("heard_text", models.TextField(blank=True, verbose_name="o que o empreendimento diz")),
                ("heard_on", models.DateField(blank=True, null=True)),
                ("standing_before", models.CharField(blank=True, max_length=10)),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("decision_reason", models.TextField(blank=True)),
                ("appeal_until", models.DateField(blank=True, null=True, verbose_name="recorrer até")),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("end_reason", models.TextField(blank=True)),
                (
                    "decided_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="network.enterprise"
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
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "hearing")), fields=("enterprise",), name="measure_one_heard"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "on_hold")), fields=("enterprise",), name="measure_one_on_hold"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "espera a assembleia"),
                            ("upheld", "aceito"),
                            ("rejected", "não aceito"),
                            ("dropped", "encerrado: o empreendimento saiu da rede"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("text", models.TextField(verbose_name="por que recorre")),
                ("filed_on", models.DateField(default=mutirao.kernel.clock.today)),
                ("decide_by", models.DateField(verbose_name="decidir até")),
                ("suspends", models.BooleanField(default=False)),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("decision_reason", models.TextField(blank=True)),
                ("minutes_on", models.DateField(blank=True, null=True)),
                ("minutes_kept", models.CharField(blank=True, max_length=200)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: the group by its link",
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
                    "application",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="admission.application",
                    ),
                ),
                (
                    "measure",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="admission.measure",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("application__isnull", False), ("measure__isnull", True)),
                            models.Q(("application__isnull", True), ("measure__isnull", False)),
                            _connector="OR",
                        ),
                        name="appeal_against_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="pergunta")),
                ("asked_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                ("answer", models.TextField(blank=True, verbose_name="resposta")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="admission.application",
                    ),
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
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named_at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                (
                    "released_at",
                    models.DateTimeField(blank=True, help_text="Steps back, or has a conflict of interest", null=True),
                ),
                ("vote", models.CharField(blank=True, choices=[("yes", "aceitar"), ("no", "recusar")], max_length=3)),
                ("reason", models.TextField(blank=True, verbose_name="por quê")),
                ("voted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewers",
                        to="admission.application",
                    ),
                ),
                (
                    "named_by",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("application", "person"), name="reviewer_once")],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("met", "atende"), ("unclear", "falta esclarecer"), ("not_met", "não atende")],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=mutirao.kernel.clock.now)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="admission.checklistitem",
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
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="admission.reviewer"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("reviewer", "item"), name="opinion_once")],
            },
        ),
        migrations.CreateModel(
            name="AdmissionSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("takes_requests", models.BooleanField(default=True, verbose_name="recebe pedidos pela internet")),
                ("welcome", models.TextField(blank=True, verbose_name="recado para quem quer entrar")),
                (
                    "decided_by",
                    models.CharField(
                        choices=[("reviewers", "voto de quem examina o pedido"), ("assembly", "assembleia, com a ata")],
                        default="reviewers",
                        max_length=10,
                        verbose_name="quem decide",
                    ),
                ),
                ("reviewers_needed", models.PositiveSmallIntegerField(default=3, verbose_name="pessoas que examinam")),
                (
                    "review_days",
                    models.PositiveSmallIntegerField(default=45, verbose_name="dias para decidir um pedido"),
                ),
                (
                    "certificate_months",
                    models.PositiveSmallIntegerField(default=24, verbose_name="meses de validade do certificado"),
                ),
                (
                    "reminder_days",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="dias de antecedência para lembrar da renovação"
                    ),
                ),
                (
                    "hearing_days",
                    models.PositiveSmallIntegerField(default=15, verbose_name="dias para ser ouvido antes da exclusão"),
                ),
                ("appeal_days", models.PositiveSmallIntegerField(default=30, verbose_name="dias para recorrer")),
                (
                    "appeal_decision_days",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="dias para a assembleia decidir o recurso"
                    ),
                ),
                (
                    "appeal_suspends",
                    models.BooleanField(default=True, verbose_name="o recurso suspende a medida até ser decidido"),
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
                "constraints": [models.UniqueConstraint(fields=("network",), name="admission_settings_once")],
            },
        ),
    ]
