# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form field for files."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.uploads.kinds import EXTENSIONS, LIMITS, MEGABYTE, Kind, kinds_in_words
from mutirao.kernel.uploads.looking import PHOTO_SIDE, accept
from mutirao.kernel.uploads.refusals import UploadRefused


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class UploadField(forms.FileField):
    """A form field whose value is an `Upload`, or a list of them when `multiple`; None or [] when nothing was sent."""

    most_files: ClassVar[int] = 20

    def __init__(
        self,
        *,
        kinds: Collection[Kind],
        multiple: bool = False,
        limit: int | None = None,
        longest_side: int = PHOTO_SIDE,
        **kwargs: Any,
    ) -> None:
        self.kinds, self.multiple, self.limit, self.longest_side = tuple(kinds), multiple, limit, longest_side
        kwargs.setdefault("widget", _ManyFiles() if multiple else forms.FileInput())
        kwargs.setdefault("help_text", _most_in_words(self.kinds, limit))
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", ",".join(f".{one}" for kind in self.kinds for one in EXTENSIONS[kind]))

    def clean(self, data: Any, initial: Any = None) -> Any:
        several = data if isinstance(data, list | tuple) else [data] if data else []
        if not several:
            super().clean(None, initial)
            return [] if self.multiple else None
        if len(several) > (self.most_files if self.multiple else 1):
            raise forms.ValidationError(
                _("Envie no máximo %(count)s arquivos de cada vez."), params={"count": self.most_files}
            )
        taken, problems = [], []
        for file in several:
            try:
                taken.append(accept(file, self.kinds, limit=self.limit, longest_side=self.longest_side))
            except UploadRefused as refused:
                problems.append(str(refused))
        if problems:
            raise forms.ValidationError(problems)
        return taken if self.multiple else taken[0]


class _Later:
    """Words put together when they are shown, in the reader's language."""

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words

    def __str__(self) -> str:
        return self._words()


def _most_in_words(kinds: Collection[Kind], limit: int | None) -> Any:
    most = max(min(LIMITS[kind], limit or LIMITS[kind]) for kind in kinds) // MEGABYTE
    return _Later(lambda: str(_("Até %(size)s MB: %(kinds)s.")) % {"size": most, "kinds": kinds_in_words(kinds)})
