# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people send is made harmless or refused in words. The samples are the real thing, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
import typst
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from mutirao.kernel import uploads
from mutirao.kernel.core import pdf_safety
from mutirao.kernel.uploads import Kind, UploadField, UploadRefused, accept, safe_name

EVERY = tuple(Kind)


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refusal(name: str, content: bytes, kinds=EVERY) -> str:
    with pytest.raises(UploadRefused) as caught:
        accept(sent(name, content), kinds)
    assert str(caught.value)  # every refusal has its words and the next step
    assert "%(" not in str(caught.value)
    return caught.value.why


def picture(form: str = "JPEG", size=(40, 30), mode="RGB", **save) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 120 if mode == "L" else (120, 60, 30, 0)[: len(mode)]).save(buffer, form, **save)
    return buffer.getvalue()


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP"), ("a.gif", "GIF")])
def test_a_picture_is_made_anew_as_jpeg(name, form):
    upload = accept(sent(name, picture(form)), [Kind.IMAGE])
    assert upload.content_type == "image/jpeg"
    assert upload.name == "a.jpg"
    with Image.open(io.BytesIO(upload.content)) as made:
        assert made.format == "JPEG"
        assert made.size == (40, 30)


def test_where_a_photo_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x010F] = "Fabricante"
    exif[0x8825] = {1: "S", 2: (15.0, 47.0, 0.0)}
    upload = accept(sent("a.jpg", picture(exif=exif)), [Kind.IMAGE])
    with Image.open(io.BytesIO(upload.content)) as made:
        assert not dict(made.getexif())


def test_a_file_behind_the_pixels_is_not_kept():
    page = b"<script>alert(1)</script>"
    upload = accept(sent("a.jpg", picture() + page), [Kind.IMAGE])
    assert b"script" not in upload.content


def test_transparent_parts_become_white():
    upload = accept(sent("a.png", picture("PNG", mode="RGBA")), [Kind.IMAGE])
    with Image.open(io.BytesIO(upload.content)) as made:
        assert made.getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_is_made_smaller():
    upload = accept(sent("a.jpg", picture(size=(4000, 3000))), [Kind.IMAGE])
    with Image.open(io.BytesIO(upload.content)) as made:
        assert made.size == (1600, 1200)


def png_bomb(width: int, height: int) -> bytes:
    """A PNG that claims so many pixels and needs almost no bytes for them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (1 << 22), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (1_000_000, 60), (9_000, 9_000)])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(size):
    assert refusal("a.png", png_bomb(*size)) in ("pixels", "picture")


def test_a_cut_off_photo_is_refused():
    whole = picture(size=(800, 600), quality=95)
    assert refusal("a.jpg", whole[: len(whole) // 2]) == "picture"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.gif", b"GIF89a\x01\0\x01\0"), ("a.webp", b"RIFF\x04\0\0\0WEBP"), ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF")],
)
def test_the_beginning_of_a_picture_is_no_picture(name, content):
    assert refusal(name, content) == "picture"


def test_a_telephones_heic_is_refused_with_advice():
    assert refusal("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 50) == "heic"


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><svg><script>alert(1)</script></svg>',
        b"\xef\xbb\xbf  <!-- x --><SVG><script/></SVG>",
        "<svg onload='alert(1)'/>".encode("utf-16"),
        b"<!doctype html><script>alert(1)</script>",
    ],
)
@pytest.mark.parametrize("name", ["logo.svg", "logo.png", "logo.csv", "logo.pdf"])
def test_svg_and_html_are_refused_under_any_name(name, content):
    assert refusal(name, content) == "svg"


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def packed(inner: bytes, *, extra: bytes = b"", kind: bytes = b"/ObjStm", body: bytes | None = None) -> bytes:
    data = zlib.compress(inner) if body is None else body
    return b"<< /Type %s /N 1 /First 4 /Filter /FlateDecode %s /Length %d >>\nstream\n%s\nendstream" % (
        kind, extra, len(data), data
    )  # fmt: skip


PAGES = b"<< /Type /Catalog /Pages 2 0 R /OpenAction [3 0 R /XYZ null null 0] >>"


def test_a_plain_pdf_with_links_and_pictures_is_taken():
    link = b"<< /Type /Annot /A << /S /URI /URI (https://example.org/ata) >> >>"
    noise = b"<< /Length 9 >>\nstream\n/JS /AF/JS\nendstream"
    upload = accept(sent("estatuto.PDF", pdf(PAGES, link, noise, packed(b"5 0 << /Type /Font >>"))), [Kind.PDF])
    assert upload.name == "estatuto.pdf"
    assert upload.content_type == "application/pdf"


def test_our_own_pdfs_are_taken():
    assert pdf_safety.first_problem(typst.compile(b"= Ata\nJavaScript e anexos.")) == ""


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>", "pdf_script"),
        (b"<< /OpenAction << /S /J#61vaScript /#4a#53 (app.alert(1)) >> >>", "pdf_script"),
        (b"<< /S /Launch /F (cmd.exe) >>", "pdf_action"),
        (b"<< /S /SubmitForm /F (https://example.org) >>", "pdf_action"),
        (b"<< /Names << /EmbeddedFiles 7 0 R >> >>", "pdf_embedded"),
        (b"<< /Subtype /FileAttachment >>", "pdf_embedded"),
        (b"<< /AcroForm << /XFA 9 0 R >> >>", "pdf_script"),
        (b"<< /Encrypt 9 0 R >>", "pdf_password"),
    ],
)
def test_a_pdf_that_does_more_than_show_pages_is_refused_in_the_open_and_packed(bad, why):
    assert refusal("a.pdf", pdf(PAGES, bad)) == why
    assert refusal("a.pdf", pdf(PAGES, packed(b"5 0 " + bad))) == why
    assert refusal("a.pdf", pdf(PAGES, packed(b"5 0 " + bad, kind=b"/Obj#53tm"))) == why


def test_a_script_between_a_false_stream_and_its_end_is_found():
    hidden = b"% stream\n<< /S /JavaScript >>\n% endstream"
    assert refusal("a.pdf", pdf(PAGES, hidden)) == "pdf_script"
    nested = b"% stream\n" + packed(b"5 0 << /S /JavaScript >>")
    assert refusal("a.pdf", pdf(PAGES, nested)) == "pdf_script"


def test_objects_packed_in_unusual_ways_are_refused():
    assert refusal("a.pdf", pdf(packed(b"x", extra=b"/DecodeParms << /Predictor 12 >>"))) == "pdf_broken"
    assert refusal("a.pdf", pdf(packed(b"x", extra=b"/Filter [/LZWDecode]"))) == "pdf_broken"
    assert refusal("a.pdf", pdf(packed(b"", body=b"no zlib at all"))) == "pdf_broken"


def test_a_pdf_that_unpacks_to_gigabytes_is_refused():
    assert refusal("a.pdf", pdf(packed(b" " * (pdf_safety.MOST_INFLATED + 1)))) == "pdf_broken"


def test_a_cut_off_pdf_is_refused():
    assert refusal("a.pdf", pdf(PAGES)[:-8]) == "pdf_broken"


@given(st.binary(max_size=400))
def test_any_bytes_after_a_pdfs_beginning_get_an_answer(junk):
    problem = pdf_safety.first_problem(b"%PDF-1.4\n" + junk + b"\n%%EOF")
    assert problem in ("", "password", "script", "action", "embedded", "broken")


# --- spreadsheets ----------------------------------------------------------------------------------------------------


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["nome", "=1+1"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_workbook_and_a_csv_are_taken():
    assert accept(sent("a.xlsx", workbook()), [Kind.SHEET]).extension == "xlsx"
    taken = accept(sent("a.csv", "nome;preço\nfeijão;3,5\n".encode("cp1252")), [Kind.SHEET])
    assert (taken.extension, taken.content_type) == ("csv", "text/csv; charset=utf-8")


def test_a_zip_bomb_is_refused():
    assert refusal("a.xlsx", zipped(**{"xl/workbook.xml": b"0" * (30 * 1024 * 1024)})) == "zip_bomb"


def test_a_workbook_of_thousands_of_parts_is_refused():
    assert refusal("a.xlsx", zipped(**{f"xl/{n}.xml": b"" for n in range(2100)})) == "zip_bomb"


def test_macros_are_refused():
    assert refusal("a.xlsx", zipped(**{"xl/workbook.xml": b"x", "xl/vbaProject.bin": b"x"})) == "macros"
    assert refusal("a.ods", zipped(**{"content.xml": b"x", "Basic/Standard/M.xml": b"x"})) == "macros"


def test_members_that_climb_out_of_the_archive_are_refused():
    assert refusal("a.xlsx", zipped(**{"xl/workbook.xml": b"x", "../../etc/cron.d/x": b"x"})) == "broken"


def test_another_zip_is_no_spreadsheet():
    assert refusal("a.xlsx", zipped(**{"word/document.xml": b"x"})) == "mismatch"
    assert refusal("a.xlsx", b"PK\x03\x04 and no more") == "broken"


# --- audio, names, sizes, kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "head", "extension"),
    [
        ("fala.ogg", b"OggS\0\x02" + b"\0" * 30, "ogg"),
        ("fala.opus", b"OggS\0\x02" + b"\0" * 30, "ogg"),
        ("fala.mp3", b"ID3\x04\0" + b"\0" * 30, "mp3"),
        ("fala.mp3", b"\xff\xfb\x90\x64" + b"\0" * 30, "mp3"),
        ("fala.m4a", b"\0\0\0\x1cftypM4A " + b"\0" * 30, "m4a"),
        ("fala.wav", b"RIFF\0\0\0\0WAVEfmt " + b"\0" * 30, "wav"),
    ],
)
def test_audio_is_known_by_its_first_bytes(name, head, extension):
    assert accept(sent(name, head), [Kind.AUDIO]).extension == extension


def test_name_and_content_must_say_the_same():
    assert refusal("ata.pdf", picture()) == "mismatch"
    assert refusal("foto.jpg", pdf(PAGES)) == "mismatch"
    assert refusal("foto.jpg", b"MZ\x90\0" + b"\0" * 100) == "mismatch"
    assert refusal("ata.pdf.exe", pdf(PAGES)) == "kind"
    assert refusal("virus.exe", b"MZ\x90\0" + b"\0" * 100) == "kind"


def test_what_is_not_asked_for_is_refused():
    assert refusal("fala.ogg", b"OggS\0" + b"\0" * 30, [Kind.IMAGE, Kind.PDF]) == "kind"


def test_empty_and_too_large_files_are_refused():
    assert refusal("a.pdf", b"") == "empty"
    with pytest.raises(UploadRefused) as caught:
        accept(sent("a.pdf", pdf(PAGES) + b" " * 3000), [Kind.PDF], limit=2000)
    assert caught.value.why == "too_large"


def test_a_false_size_does_not_get_more_read():
    file = sent("a.pdf", b"%PDF-" + b" " * (10 * 1024 * 1024 + 10))
    file.size = 10
    with pytest.raises(UploadRefused) as caught:
        accept(file, [Kind.PDF])
    assert caught.value.why == "too_large"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\ata.pdf", "ata.pdf"),
        ("ata‮fdp.exe", "atafdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        (".htaccess", "htaccess"),
        ("con.pdf", "_con.pdf"),
        ("", "arquivo"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("Ata de fundação.pdf", "Ata de fundação.pdf"),
    ],
)
def test_names_lose_their_tricks(given_name, kept):
    assert safe_name(given_name) == kept


def test_kept_files_get_a_name_of_our_own():
    name = uploads.kept_below("ficha")(None, "../../x.php.jpg")
    assert name.startswith("ficha/")
    assert ".." not in name
    assert "php" not in name
    assert name.endswith(".jpg")
    assert name != uploads.kept_below("ficha")(None, "../../x.php.jpg")
    assert not uploads.kept_below("ficha")(None, "x.php").endswith(".php")


# --- forms and answers -----------------------------------------------------------------------------------------------


class Sending(forms.Form):
    file = UploadField(kinds=[Kind.PDF, Kind.IMAGE])
    photos = UploadField(kinds=[Kind.IMAGE], multiple=True, required=False)


def test_a_form_gives_uploads_or_says_what_is_wrong():
    good = Sending({}, MultiValueDict({"file": [sent("a.pdf", pdf(PAGES))], "photos": [sent("a.jpg", picture())] * 2}))
    assert good.is_valid(), good.errors
    assert good.cleaned_data["file"].kind is Kind.PDF
    assert len(good.cleaned_data["photos"]) == 2
    bad = Sending({}, MultiValueDict({"file": [sent("a.pdf", pdf(b"<</S/Launch>>"))]}))
    assert "manda abrir programas" in str(bad.errors["file"])
    assert not Sending({}, {}).is_valid()
    assert ".pdf" in str(Sending()["file"])


def answer(request_headers=None, **kwargs):
    request = RequestFactory().get("/", headers=request_headers or {})
    return uploads.serve(request, io.BytesIO(b"0123456789"), **kwargs)


def test_files_are_handed_out_so_that_no_browser_runs_them():
    given_out = answer(name="ata\r\n.pdf", content_type="application/pdf", inline=True)
    assert given_out["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given_out["Content-Security-Policy"]
    assert given_out["X-Content-Type-Options"] == "nosniff"
    assert b"".join(given_out.streaming_content) == b"0123456789"
    assert answer(name="a.jpg", content_type="image/jpeg", inline=True)["Content-Disposition"].startswith("inline")
    assert answer(name="a.html", content_type="text/html", inline=True)["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [("bytes=2-4", 206, b"234"), ("bytes=7-", 206, b"789"), ("bytes=-3", 206, b"789"), ("bytes=50-", 416, b""),
     ("bytes=3-99", 206, b"3456789")],
)  # fmt: skip
def test_players_may_ask_for_a_part(asked, status, content):
    given_out = answer({"Range": asked}, name="fala.mp3", content_type="audio/mpeg", inline=True)
    assert given_out.status_code == status
    assert given_out.content == content
