# SPDX-License-Identifier: AGPL-3.0-or-later
import os
from typing import Any

from django.db import migrations, models


def half(apps: Any, schema_editor: Any) -> None:
    apps.get_model("kernel", "Job").objects.update(task="half")
    if os.environ.get("BROKEN_MIGRATION") == "sql":
        schema_editor.execute("UPDATE kernel_job SET no_such_column = 1")
    raise ValueError("a book without a currency")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_backup_runs")]
    operations = [
        migrations.CreateModel("Halfway", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(half),
    ]
