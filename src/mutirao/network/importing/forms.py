# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of the import: sending a file, and saying how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutirao.kernel.core.tabular import column_letter, shown
from mutirao.network.importing.layout import NOT_IMPORTED, Options
from mutirao.network.importing.previewing import Preview
from mutirao.network.importing.reading import MAX_BYTES, UnreadableFile
from mutirao.network.importing.registry import ImportKind

FIND_OUT = "auto"
ACCEPTED = ".xlsx,.ods,.csv,.xls,.txt,.tsv"


class UploadForm(forms.Form):
    """A spreadsheet, and what it is brought into."""

    file = forms.FileField(
        label=gettext_lazy("Planilha"),
        help_text=gettext_lazy("XLSX, ODS ou CSV, até 10 MB."),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Escolha o arquivo da planilha.")},
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, kind: ImportKind, targets: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.target is not None:
            self.fields["target"] = forms.ChoiceField(label=str(kind.target.label), choices=targets)
            self.order_fields(["target", "file"])

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            error = UnreadableFile(
                "too_large", size=f"{(file.size or 0) / 1024 / 1024:.0f}", limit=MAX_BYTES // 1024 // 1024
            )
            raise forms.ValidationError(str(error))
        return file


class ReadingForm(forms.Form):
    """How to read the file: sheet, numbers, dates, and for each field its column."""

    numbers = forms.ChoiceField(
        label=gettext_lazy("Números escritos como"),
        choices=[(FIND_OUT, gettext_lazy("descobrir pela planilha")), (",", "1.234,56"), (".", "1,234.56")],
    )
    dates = forms.ChoiceField(
        label=gettext_lazy("Datas escritas como"),
        choices=[
            (FIND_OUT, gettext_lazy("descobrir pela planilha")),
            ("day", gettext_lazy("dia/mês/ano")),
            ("month", gettext_lazy("mês/dia/ano")),
        ],
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, preview: Preview, options: Options) -> None:
        initial = {"numbers": options.numbers or FIND_OUT, "dates": options.dates or FIND_OUT}
        layout = preview.understanding.layout
        sheet = preview.understanding.sheet
        names = [each.name for each in preview.book.sheets]
        columns = layout.columns if layout else {}
        for column in preview.kind.columns:
            initial[f"column_{column.field}"] = str(columns.get(column.field, NOT_IMPORTED))
        initial["sheet"] = sheet.name if sheet else ""
        initial["read_sheet"] = initial["sheet"]
        super().__init__(data, initial=initial)
        if len(names) > 1:
            choices = [(name, name) for name in names]
            self.fields["sheet"] = forms.ChoiceField(label=gettext_lazy("Aba"), choices=choices)
            # Columns are chosen for the sheet that is shown; another sheet is looked at afresh.
            self.fields["read_sheet"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.kind = preview.kind
        titles = _column_choices(preview)
        for column in preview.kind.columns:
            self.fields[f"column_{column.field}"] = forms.ChoiceField(label=str(column.label), choices=titles)
        # The sheet decides about everything below it, so it stands first.
        self.order_fields(["sheet", *self.fields])

    def options(self) -> Options:
        """What was chosen."""
        data = self.cleaned_data
        sheet = data.get("sheet", "")
        mapping = {}
        if sheet == data.get("read_sheet", sheet):
            mapping = {column.field: int(data[f"column_{column.field}"]) for column in self.kind.columns}
        numbers, dates = (data[name].removeprefix(FIND_OUT) for name in ("numbers", "dates"))
        return Options(sheet=sheet, mapping=mapping, numbers=numbers, dates=dates)


def _column_choices(preview: Preview) -> list[tuple[str, str]]:
    """Every column of the sheet by its title, with the first value below it."""
    choices = [(str(NOT_IMPORTED), _("— não importar —"))]
    layout, sheet = preview.understanding.layout, preview.understanding.sheet
    if layout is None or sheet is None:
        return choices
    below = sheet.rows[layout.header + 1 : layout.header + 30]
    width = max([len(layout.titles), *(len(row) for row in below)])
    for index in range(width):
        title = layout.titles[index] if index < len(layout.titles) else ""
        sample = next((shown(row[index]) for row in below if index < len(row) and row[index] is not None), "")
        if not title and not sample:
            continue
        name = title or _("coluna %(letter)s") % {"letter": column_letter(sheet.first_column + index)}
        choices.append((str(index), f"{name} ({sample[:30]})" if sample else name))
    return choices
