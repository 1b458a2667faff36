# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that people send: the one place where they are looked at, made harmless, named, kept and handed out again.

`UploadField` in a form, or `accept(file, kinds)`, answers with an `Upload` or refuses in words. What is kept lies under
a name made here (`kept_below`) and is handed out by `serve` only, so that no browser ever runs it on our address.

- pictures are made anew from their pixels: nothing of the file itself is kept, nor where a photo was taken;
- PDFs with scripts, programs to start, forms that send, or other files inside are refused (`core.pdf_safety`);
- audio and spreadsheets are known by their first bytes; a spreadsheet is unpacked and counted where it is read
  (`network.importing.workbook_reader`), and here by what its table of contents admits;
- everything else, SVG and HTML first, is refused.

Source: OWASP, File Upload Cheat Sheet.
"""

from mutirao.kernel.uploads.field import UploadField
from mutirao.kernel.uploads.handing_out import harmless, serve
from mutirao.kernel.uploads.kinds import MEGABYTE, Kind
from mutirao.kernel.uploads.looking import DOCUMENT_SIDE, Upload, accept
from mutirao.kernel.uploads.names import kept_below, safe_name
from mutirao.kernel.uploads.refusals import UploadRefused

__all__ = [
    "DOCUMENT_SIDE",
    "MEGABYTE",
    "Kind",
    "Upload",
    "UploadField",
    "UploadRefused",
    "accept",
    "harmless",
    "kept_below",
    "safe_name",
    "serve",
]
