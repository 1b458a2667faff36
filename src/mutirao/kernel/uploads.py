# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that people send: the one place where they are looked at, made harmless, named, kept and handed out again.

`accept(file, kinds)` answers with an `Upload` or refuses in words; `UploadField` does so in a form; `readable_photo`
and `check_file` are the short ways for a picture and for a file kept as it came. What is kept lies under a name
made here (`kept_below`) and is handed out by `serve` only, so that no browser ever runs it on our address.

- pictures are made anew from their pixels: nothing of the file itself is kept, nor where a photo was taken;
- PDFs with scripts, programs to start, forms that send, or other files inside are refused (`core.pdf_safety`);
- audio and spreadsheets are known by their first bytes; a spreadsheet is unpacked and counted where it is read
  (`network.importing.workbook_reader`), and here by what its table of contents admits;
- everything else, SVG and HTML first, is refused.

Source: OWASP, File Upload Cheat Sheet.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from threading import BoundedSemaphore
from typing import Any, ClassVar

from django import forms
from django.core.files.base import ContentFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.deconstruct import deconstructible
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from mutirao.kernel import clock
from mutirao.kernel.core import pdf_safety
from mutirao.kernel.errors import DomainError, InvalidValue, Words


class Kind(StrEnum):
    """What may be sent."""

    IMAGE = "image"
    PDF = "pdf"
    AUDIO = "audio"
    SHEET = "sheet"


MEGABYTE = 1024 * 1024
LIMITS = {Kind.IMAGE: 12 * MEGABYTE, Kind.PDF: 10 * MEGABYTE, Kind.AUDIO: 30 * MEGABYTE, Kind.SHEET: 10 * MEGABYTE}
"""Bytes of one file, by kind."""
MOST_PIXELS = 60_000_000
LONGEST_EDGE = 30_000
"""Pixels; a picture of 1 × 60,000,000 is no photograph."""
PHOTO_SIDE, DOCUMENT_SIDE = 1600, 2600
"""Longest side of what is kept, in pixels: to be looked at; to be read."""
MOST_MEMBERS = 2_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 400
LONGEST_NAME = 120
_PICTURES_AT_A_TIME = BoundedSemaphore(2)
"""Sixty million pixels take 240 MB while they are made smaller; the others wait."""

EXTENSIONS: dict[Kind, tuple[str, ...]] = {
    Kind.IMAGE: ("jpg", "jpeg", "png", "webp", "gif"),
    Kind.PDF: ("pdf",),
    Kind.AUDIO: ("ogg", "oga", "opus", "mp3", "m4a", "mp4", "aac", "wav", "webm", "flac", "amr", "3gp"),
    Kind.SHEET: ("xlsx", "ods", "xls", "csv", "tsv", "txt"),
}
NAMES: dict[Kind, Words] = {
    Kind.IMAGE: _("foto (JPG, PNG ou WebP)"),
    Kind.PDF: _("PDF"),
    Kind.AUDIO: _("áudio (MP3, OGG, M4A ou WAV)"),
    Kind.SHEET: _("planilha (XLSX, ODS ou CSV)"),
}

_WHY: dict[str, tuple[Words, Words]] = {
    "empty": (_("O arquivo “%(name)s” está vazio."), _("Confira se é o arquivo certo e envie de novo.")),
    "too_large": (
        _("O arquivo “%(name)s” tem %(size)s MB; o limite é de %(limit)s MB."),
        _("Envie um arquivo menor: uma foto com menos qualidade, ou o documento em partes."),
    ),
    "kind": (_("O arquivo “%(name)s” não serve aqui."), _("Envie: %(kinds)s.")),
    "mismatch": (
        _("O nome do arquivo “%(name)s” diz uma coisa e o conteúdo é outra."),
        _("Abra-o no seu programa, salve de novo no formato certo e envie."),
    ),
    "svg": (
        _("O arquivo “%(name)s” é um desenho ou uma página que pode trazer programas dentro."),
        _("Salve como JPG, PNG ou PDF e envie."),
    ),
    "heic": (
        _("A foto “%(name)s” está no formato HEIC, que nem todo aparelho abre."),
        _("Escolha “mais compatível” (JPG) na câmera, ou envie uma captura de tela da foto."),
    ),
    "picture": (
        _("A foto “%(name)s” está danificada ou incompleta."),
        _("Tire de novo, ou abra-a, salve como JPG e envie."),
    ),
    "pixels": (
        _("A foto “%(name)s” tem tamanho demais: %(width)s × %(height)s pontos."),
        _("Diminua-a para até 60 milhões de pontos e envie."),
    ),
    "pdf_broken": (
        _("O PDF “%(name)s” está danificado ou incompleto."),
        _("Abra-o no seu programa, salve ou imprima de novo em PDF e envie."),
    ),
    "pdf_password": (
        _("O PDF “%(name)s” está protegido por senha."),
        _("Imprima-o em PDF sem a senha e envie, ou envie fotos das páginas."),
    ),
    "pdf_script": (
        _("O PDF “%(name)s” traz um programa dentro dele (script)."),
        _("Imprima-o em PDF (isso deixa só as páginas) e envie."),
    ),
    "pdf_action": (
        _("O PDF “%(name)s” manda abrir programas ou enviar dados."),
        _("Imprima-o em PDF (isso deixa só as páginas) e envie."),
    ),
    "pdf_embedded": (
        _("O PDF “%(name)s” traz outro arquivo dentro dele."),
        _("Envie cada arquivo por si, ou imprima o PDF em PDF e envie."),
    ),
    "zip_bomb": (
        _("O arquivo “%(name)s” é pequeno por fora e enorme por dentro: não pode ser aberto com segurança."),
        _("Copie os dados para uma planilha nova e envie essa."),
    ),
    "macros": (
        _("A planilha “%(name)s” traz programas dentro dela (macros)."),
        _("Salve-a como XLSX ou ODS, sem macros, e envie."),
    ),
    "broken": (
        _("O arquivo “%(name)s” está danificado ou incompleto e não pôde ser aberto."),
        _("Abra-o no seu programa, salve de novo e envie."),
    ),
}


class UploadRefused(DomainError):
    """A file is not taken; `why` is a stable code, the words say what to send instead."""

    code = "upload_refused"
    status = 422
    field = "file"

    def __init__(self, why: str, **params: Any) -> None:
        super().__init__(**params)
        self.why = why
        self.message, self.next_step = _WHY[why]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was looked at and may be kept."""

    kind: Kind
    name: str
    """As the person named it, without folders or tricks and with the extension of what it is; for showing."""
    content: bytes
    content_type: str
    extension: str

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Fingerprint of what is kept, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    def as_file(self) -> ContentFile[bytes]:
        """For a FileField whose `upload_to` is `kept_below(…)`."""
        return ContentFile(self.content, name=f"file.{self.extension}")


@deconstructible
class kept_below:
    """`upload_to` of every FileField: `<folder>/<year>/<month>/<random>.<extension>`, never a name somebody chose.

    A name is never used twice, so that a kept file never changes: backups rely on it.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: Any, filename: str) -> str:
        extension = PurePosixPath(filename).suffix.lower()
        known = {f".{one}" for several in EXTENSIONS.values() for one in several}
        month = f"{clock.today():%Y/%m}"
        return f"{self.folder}/{month}/{secrets.token_urlsafe(18)}{extension if extension in known else ''}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, kept_below) and self.folder == other.folder

    def __hash__(self) -> int:
        return hash(self.folder)


# --- looking at a file ------------------------------------------------------------------------------------------------


def accept(file: Any, kinds: Collection[Kind], *, limit: int | None = None, longest_side: int = PHOTO_SIDE) -> Upload:
    """The file, made harmless, when it is one of `kinds`; pictures become JPEG of at most `longest_side` pixels.

    `limit` (bytes) lowers the kind's own. Raises: UploadRefused.
    """
    name = safe_name(file.name or "")
    roof = max(LIMITS[kind] for kind in kinds)
    _check_size(name, int(file.size), min(roof, limit or roof))
    file.seek(0)
    content: bytes = file.read(roof + 1)  # never more than may be, whatever the sender said of its size
    _check_size(name, len(content), min(roof, limit or roof))
    kind = _kind_of(content, name, kinds)
    _check_size(name, len(content), min(LIMITS[kind], limit or LIMITS[kind]))
    if kind is Kind.IMAGE:
        return Upload(kind, _named(name, "jpg"), _picture(content, name, longest_side), "image/jpeg", "jpg")
    if kind is Kind.PDF:
        _check_pdf(content, name)
        return Upload(kind, _named(name, "pdf"), content, "application/pdf", "pdf")
    extension, content_type = _audio_form(content) if kind is Kind.AUDIO else _sheet_form(content, name)
    return Upload(kind, _named(name, extension), content, content_type, extension)


def _check_size(name: str, size: int, limit: int) -> None:
    if size == 0:
        raise UploadRefused("empty", name=name)
    if size > limit:
        raise UploadRefused("too_large", name=name, size=-(-size // MEGABYTE), limit=limit // MEGABYTE)


def _kind_of(content: bytes, name: str, kinds: Collection[Kind]) -> Kind:
    """What the first bytes say, when the name says the same and it may be sent. Raises: UploadRefused."""
    seen = signature(content)
    if seen in ("svg", "heic"):
        raise UploadRefused(seen, name=name)
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    named = [kind for kind, several in EXTENSIONS.items() if extension in several]
    if seen == "text" and extension in ("csv", "tsv", "txt"):
        seen = Kind.SHEET
    if seen in tuple(Kind):
        if extension and seen not in named:
            raise UploadRefused("mismatch" if named else "kind", name=name, kinds=kinds_in_words(kinds))
        if seen in kinds:
            return Kind(seen)
    elif any(kind in kinds for kind in named):
        raise UploadRefused("mismatch", name=name)
    raise UploadRefused("kind", name=name, kinds=kinds_in_words(kinds))


_ACTIVE = re.compile(rb"<\s*(svg|html|script|!doctype|\?xml|body|iframe|head)\b")


def signature(content: bytes) -> str:
    """What a file is by its first bytes: a Kind, "heic", "svg" (also HTML and XML), "text", or "other"."""
    head = content[:1024]
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return Kind.IMAGE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.IMAGE
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"):
        return "heic"
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if _audio_form(content)[0]:
        return Kind.AUDIO
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return Kind.SHEET
    # Browsers skip blanks, marks and comments before the first tag; UTF-16 has a zero beside each letter.
    plain = content[:65536].replace(b"\x00", b"").lower()
    if _ACTIVE.search(plain):
        return "svg"
    return "other" if re.search(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", plain[:4096]) else "text"


def _audio_form(content: bytes) -> tuple[str, str]:
    """(extension, media type) of an audio file by its first bytes; empty when it is none."""
    head = content[:16]
    if head.startswith(b"OggS"):
        return "ogg", "audio/ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav", "audio/wav"
    if head.startswith(b"fLaC"):
        return "flac", "audio/flac"
    if head.startswith(b"#!AMR"):
        return "amr", "audio/amr"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm", "audio/webm"
    if head[4:8] == b"ftyp" and head[8:11] in (b"M4A", b"M4B", b"mp4", b"iso", b"3gp", b"das", b"MSN"):
        return "m4a", "audio/mp4"
    if head.startswith(b"ID3"):
        return "mp3", "audio/mpeg"
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        layer = head[1] >> 1 & 3
        if layer == 0 and head[1] & 0xF0 == 0xF0:
            return "aac", "audio/aac"
        if layer and head[1] >> 3 & 3 != 1 and head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3:
            return "mp3", "audio/mpeg"
    return "", ""


def kinds_in_words(kinds: Iterable[Kind]) -> str:
    """What may be sent, for a sentence."""
    return ", ".join(str(NAMES[kind]) for kind in kinds)


def _check_pdf(content: bytes, name: str) -> None:
    if problem := pdf_safety.first_problem(content):
        raise UploadRefused(f"pdf_{problem}", name=name)


def _picture(content: bytes, name: str, longest_side: int) -> bytes:
    """The picture as an upright JPEG without metadata, transparent parts white."""
    try:
        with _PICTURES_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is held below
            with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP", "GIF"]) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS or max(width, height) > LONGEST_EDGE:
                    raise UploadRefused("pixels", name=name, width=width, height=height)
                picture.draft("RGB", (longest_side, longest_side))  # a JPEG is decoded no larger than is kept
                upright: Image.Image = ImageOps.exif_transpose(picture)
                if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                    layers = upright.convert("RGBA")
                    layers.thumbnail((longest_side, longest_side))
                    upright = Image.new("RGB", layers.size, "white")
                    upright.paste(layers, mask=layers.getchannel("A"))
                upright = upright.convert("RGB")
                upright.thumbnail((longest_side, longest_side))
                buffer = BytesIO()
                upright.save(buffer, "JPEG", quality=84)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise UploadRefused("picture", name=name) from None
    return buffer.getvalue()


_SHEET_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv; charset=utf-8",
}


def _sheet_form(content: bytes, name: str) -> tuple[str, str]:
    """(extension, media type) of a spreadsheet whose table of contents promises nothing absurd."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls", _SHEET_TYPES["xls"]
    if not content.startswith(b"PK"):
        return "csv", _SHEET_TYPES["csv"]
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, EOFError, NotImplementedError):
        raise UploadRefused("broken", name=name) from None
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(len(content), 10_000):
        raise UploadRefused("zip_bomb", name=name)
    names = {member.filename for member in members}
    if any(one.lower().endswith("vbaproject.bin") or one.startswith(("Basic/", "Scripts/")) for one in names):
        raise UploadRefused("macros", name=name)
    if any(one.startswith("/") or ".." in PurePosixPath(one.replace("\\", "/")).parts for one in names):
        raise UploadRefused("broken", name=name)
    form = "xlsx" if "xl/workbook.xml" in names else "ods" if "content.xml" in names else ""
    if not form:
        raise UploadRefused("mismatch", name=name)
    return form, _SHEET_TYPES[form]


# --- names -----------------------------------------------------------------------------------------------------------

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Control, format (also the marks that turn writing around: "ata\u202efdp.exe" is shown as "ataexe.pdf"), …"""


def safe_name(name: str) -> str:
    """A file's name for showing and saving: no folders, control or direction marks, hidden or reserved names."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(mark for mark in bare if unicodedata.category(mark) not in _INVISIBLE)
    plain = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*%;]', "_", kept)).strip(" .")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    if len(plain) > LONGEST_NAME:
        suffix = PurePosixPath(plain).suffix
        suffix = suffix if len(suffix) < 12 else ""
        plain = plain[: LONGEST_NAME - len(suffix)] + suffix
    return plain or str(_("arquivo"))


def _named(name: str, extension: str) -> str:
    return f"{PurePosixPath(name).stem}.{extension}"


# --- short ways ------------------------------------------------------------------------------------------------------

LARGEST_PHOTO = LIMITS[Kind.IMAGE]
PhotoUnreadable = UploadRefused


class FileNotTaken(InvalidValue):
    code = "file_not_taken"
    message = _("Este arquivo não é %(wanted)s.")
    next_step = _("Mande um arquivo de outro formato.")
    field = "file"


class FileTooLarge(InvalidValue):
    code = "file_too_large"
    message = _("Este arquivo tem mais de %(limit)s MB.")
    next_step = _("Mande um arquivo menor, ou em partes.")
    field = "file"


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file as it is kept and sent again."""

    suffix: str
    content_type: str


PDF = FileType(".pdf", "application/pdf")
OGG = FileType(".ogg", "audio/ogg")
MP3 = FileType(".mp3", "audio/mpeg")
M4A = FileType(".m4a", "audio/mp4")


def readable_photo(file: Any) -> ContentFile[bytes]:
    """The photo as a JPEG of at most 1600 pixels a side, upright, without metadata.

    Raises: UploadRefused when it is no picture, or larger than 12 MB or 60 megapixels.
    """
    try:
        return ContentFile(accept(file, [Kind.IMAGE]).content)
    except UploadRefused as refused:
        refused.field = "photos"
        raise


def file_type(beginning: bytes) -> FileType | None:
    """A PDF or sound by its first 16 bytes, whatever its name says; None for anything else."""
    if beginning.startswith(b"%PDF-"):
        return PDF
    extension, _content_type = _audio_form(beginning)
    return {"ogg": OGG, "mp3": MP3, "m4a": M4A}.get(extension)


def check_file(file: Any, *, limits: Mapping[FileType, int], wanted: str) -> FileType:
    """The type of an uploaded file, told by its content; `limits` in bytes for the types that are taken here.

    Raises: FileNotTaken (`wanted` says what would be), FileTooLarge, UploadRefused for a PDF that does more than show.
    """
    file.seek(0)
    found = file_type(file.read(16))
    file.seek(0)
    if found is None or found not in limits:
        raise FileNotTaken(wanted=wanted)
    if file.size > limits[found]:
        raise FileTooLarge(limit=limits[found] // MEGABYTE)
    if found is PDF:
        _check_pdf(file.read(), safe_name(file.name or ""))
        file.seek(0)
    return found


# --- forms -----------------------------------------------------------------------------------------------------------


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


# --- handing out -----------------------------------------------------------------------------------------------------

SHOWN_IN_PLACE = ("image/jpeg", "image/png", "image/webp", "audio/")
"""Only what cannot carry a script may open inside the browser; the rest is saved."""
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def serve(
    request: HttpRequest, file: Any, *, name: str, content_type: str, inline: bool = False, private: bool = True
) -> Any:
    """A kept file (a FieldFile or an open binary file) as an answer that no browser will run.

    Part of a file is given where it is asked for: phones play audio no other way.
    """
    handle = file.open("rb") if hasattr(file, "storage") else file
    size = handle.seek(0, 2) if not hasattr(file, "storage") else file.size
    handle.seek(0)
    inline = inline and content_type.startswith(SHOWN_IN_PLACE)
    part = _part_of(request.headers.get("Range", ""), size)
    response: Any
    if part is None:
        response = FileResponse(handle, content_type=content_type)
        response["Content-Length"] = str(size)
    else:
        first, last = part
        with handle:
            if first > last:
                response = HttpResponse(status=416)
                response["Content-Range"] = f"bytes */{size}"
                return response
            handle.seek(first)
            response = HttpResponse(handle.read(last - first + 1), content_type=content_type, status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(not inline, safe_name(name)) or "inline"
    return harmless(response, private=private)


def _part_of(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the one range asked for; None for the whole, (1, 0) for a range that is not there."""
    match = _RANGE.fullmatch(header.strip())
    if not match or match[0] == "bytes=-":
        return None
    if not match[1]:
        return (max(0, size - int(match[2])), size - 1) if int(match[2]) and size else (1, 0)
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    return (first, last) if first < size else (1, 0)


def harmless(response: Any, *, private: bool = True) -> Any:
    """Headers for whatever people sent in: no sniffing, no scripts, in no frame, read by this address only."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    if private:
        response["Cache-Control"] = "private, max-age=3600"
    return response
