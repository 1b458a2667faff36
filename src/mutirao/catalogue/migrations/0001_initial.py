# SPDX-License-Identifier: AGPL-3.0-or-later
import django.db.models.deletion
from django.db import migrations, models

import mutirao.kernel.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
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
                "constraints": [models.UniqueConstraint(fields=("network", "folded"), name="category_one_name")],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="nome")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("name",))),
                ("findable", mutirao.kernel.search.FoldedField(default="", sources=("name", "description", "ncm"))),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("g", "g"),
                            ("kg", "kg"),
                            ("t", "t"),
                            ("ml", "ml"),
                            ("l", "l"),
                            ("m3", "m3"),
                            ("un", "un"),
                            ("dz", "dz"),
                            ("mil", "mil"),
                            ("m", "m"),
                            ("cm", "cm"),
                            ("m2", "m2"),
                            ("h", "h"),
                            ("min", "min"),
                            ("cx", "cx"),
                            ("sc", "sc"),
                            ("pct", "pct"),
                            ("frd", "frd"),
                            ("mc", "mc"),
                        ],
                        max_length=4,
                        verbose_name="unidade",
                    ),
                ),
                (
                    "ncm",
                    models.CharField(
                        blank=True, help_text="Mercosur goods code, 8 digits", max_length=8, verbose_name="NCM"
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=240, verbose_name="descrição")),
                (
                    "weight_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="For freight by weight, where the unit is not a weight",
                        max_digits=12,
                        null=True,
                        verbose_name="peso de uma unidade (kg)",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="em uso")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="catalogue.category",
                        verbose_name="categoria",
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
                "ordering": ["folded", "unit"],
                "constraints": [
                    models.UniqueConstraint(fields=("network", "folded", "unit"), name="product_one_name_and_unit")
                ],
            },
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="nome")),
                ("folded", mutirao.kernel.search.FoldedField(default="", sources=("name",))),
                (
                    "findable",
                    mutirao.kernel.search.FoldedField(default="", sources=("name", "tax_id", "contact_name", "city")),
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
                ("is_solidarity", models.BooleanField(default=False, verbose_name="da economia solidária")),
                ("is_local", models.BooleanField(default=False, verbose_name="do território")),
                (
                    "city",
                    models.CharField(
                        blank=True, help_text="Where there is no municipality", max_length=120, verbose_name="cidade"
                    ),
                ),
                ("contact_name", models.CharField(blank=True, max_length=120, verbose_name="contato")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("notes", models.TextField(blank=True, verbose_name="observações")),
                ("is_active", models.BooleanField(default=True, verbose_name="em uso")),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.enterprise",
                        verbose_name="empreendimento da rede",
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
            ],
            options={
                "ordering": ["folded"],
                "constraints": [
                    models.UniqueConstraint(fields=("network", "folded"), name="supplier_one_name"),
                    models.UniqueConstraint(
                        condition=models.Q(("tax_id", ""), _negated=True),
                        fields=("network", "country", "tax_id"),
                        name="supplier_one_tax_id",
                    ),
                ],
            },
        ),
    ]
