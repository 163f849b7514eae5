"""What a file is, by its bytes alone, and who reads it."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from chatrigo.integrations.documents.found import Document, Unreadable

Progress = Callable[[int, int], None]

HEAD = 4096
MOST_UNPACKED = 150 * 1024 * 1024
MOST_MEMBERS = 5_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")
_BOMS = (b"\xff\xfe", b"\xfe\xff")


def read(path: Path, name: str, progress: Progress, *, page: bool = False) -> Document:
    """Raises Unreadable, and whatever a parser raises over a broken file."""
    format = known(path, name)
    if format == "pdf":
        from chatrigo.integrations.documents import pdf

        return pdf.read(path, progress)
    if format in ("docx", "xlsx"):
        from chatrigo.integrations.documents import office

        return (office.read_docx if format == "docx" else office.read_xlsx)(path)
    if format == "html":
        from chatrigo.integrations.documents import web

        return web.read(path)
    from chatrigo.integrations.documents import plain

    return plain.read(path, "txt" if page else format)


def family(head: bytes) -> str:
    """
    pdf, zip, html or text, of a file's beginning. The name has no say.

    Raises Unreadable for what can be none of the documents we read.
    """
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(_OLD_OFFICE):
        raise Unreadable("sources.old_office")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        return "html"
    if not head.startswith(_BOMS) and b"\x00" in head:
        raise Unreadable("sources.kind_unknown")
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    if not head.startswith(_BOMS) and controls > len(head) / 50:
        raise Unreadable("sources.kind_unknown")
    return "text"


def known(path: Path, name: str) -> str:
    """pdf, docx, xlsx, html, csv, md or txt. The name only tells kinds of plain text apart."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    found = family(head)
    if found == "zip":
        return _office(path)
    if found != "text":
        return found
    ending = name.rpartition(".")[2].lower()
    return {"csv": "csv", "tsv": "csv", "md": "md", "markdown": "md"}.get(ending, "txt")


def _office(path: Path) -> str:
    with opened(path) as archive:
        names = set(archive.namelist())
        # What protects a document by a password wraps it in another container altogether.
        if "word/document.xml" in names:
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
    raise Unreadable("sources.kind_unknown")


def opened(path: Path) -> zipfile.ZipFile:
    """The archive, if unpacking it is bearable. Raises Unreadable."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise Unreadable("sources.broken") from None
    members = archive.infolist()
    # A member is never read beyond the size that it claims here.
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
        archive.close()
        raise Unreadable("sources.bomb")
    return archive
