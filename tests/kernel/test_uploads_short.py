# SPDX-License-Identifier: AGPL-3.0-or-later
"""The short ways: what people send is taken for what it is, not for what its name says."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mutirao.kernel.uploads import (
    M4A,
    MP3,
    OGG,
    PDF,
    FileNotTaken,
    FileTooLarge,
    FileType,
    PhotoUnreadable,
    check_file,
    file_type,
    readable_photo,
)


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"OggS\x00\x02", OGG),
        (b"ID3\x04\x00", MP3),
        (b"\xff\xfb\x90\x64", MP3),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00", M4A),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", None),
        (b"<svg onload=", None),
        (b"MZ\x90\x00", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(beginning: bytes, expected: FileType | None) -> None:
    assert file_type(beginning) == expected


def test_a_program_named_as_sound_is_refused() -> None:
    with pytest.raises(FileNotTaken):
        check_file(SimpleUploadedFile("relato.mp3", b"MZ\x90\x00" * 9), limits={MP3: 100}, wanted="um áudio")


def test_a_document_is_refused_where_only_sound_is_taken() -> None:
    with pytest.raises(FileNotTaken):
        check_file(SimpleUploadedFile("ata.pdf", b"%PDF-1.4 x"), limits={OGG: 100}, wanted="um áudio")


def test_a_file_beyond_the_limit_is_refused() -> None:
    with pytest.raises(FileTooLarge):
        check_file(SimpleUploadedFile("a.ogg", b"OggS" + b"\0" * 200), limits={OGG: 100}, wanted="um áudio")


def test_a_photo_keeps_its_pixels_and_nothing_of_the_file() -> None:
    buffer = BytesIO()
    picture = Image.new("RGB", (2400, 1200), "red")
    exif = picture.getexif()
    exif[0x010E] = "onde moro"
    picture.save(buffer, "JPEG", exif=exif)
    kept = readable_photo(SimpleUploadedFile("foto.jpg", buffer.getvalue()))
    with Image.open(BytesIO(kept.read())) as made:
        assert made.size == (1600, 800)
        assert not made.getexif()


@pytest.mark.parametrize("content", [b"", b"GIF89a\x01\x00\x01\x00", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(PhotoUnreadable):
        readable_photo(SimpleUploadedFile("foto.jpg", content))
