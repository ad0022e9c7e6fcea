# SPDX-License-Identifier: GPL-3.0-or-later
"""Books for tests, as EPUB files."""

import io
import zipfile
from collections.abc import Mapping, Sequence

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""


def page(body: str, *, kind: str = "") -> str:
    """Return a document of a book."""
    return (
        "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml' "
        "xmlns:epub='http://www.idpf.org/2007/ops'><head><title>x</title></head>"
        f"<body epub:type='{kind}'>{body}</body></html>"
    )


def epub(
    documents: Mapping[str, str],
    toc: Sequence[tuple[str, str]] = (),
    *,
    version: int = 3,
    title: str = "Le phare d’Ouessant",
    language: str = "fr",
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a book: documents by name in order, and (place, title) of its table of contents."""
    items = "".join(
        f"<item id='d{i}' href='{name}' media-type='application/xhtml+xml'/>" for i, name in enumerate(documents)
    )
    spine = "".join(f"<itemref idref='d{i}'/>" for i in range(len(documents)))
    links = "".join(f"<li><a href='{place}'>{text}</a></li>" for place, text in toc)
    points = "".join(
        f"<navPoint id='n{i}'><navLabel><text>{text}</text></navLabel><content src='{place}'/></navPoint>"
        for i, (place, text) in enumerate(toc)
    )
    if toc and version == 3:
        items += "<item id='nav' href='nav.xhtml' properties='nav' media-type='application/xhtml+xml'/>"
    elif toc:
        items += "<item id='ncx' href='toc.ncx' media-type='application/x-dtbncx+xml'/>"
    package = f"""<?xml version='1.0'?><package xmlns='http://www.idpf.org/2007/opf' version='{version}.0'>
    <metadata xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>{title}</dc:title>
    <dc:creator>Anne Le Goff</dc:creator>
    <dc:language>{language}</dc:language></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OEBPS/content.opf", package)
        archive.writestr("OEBPS/nav.xhtml", page(f"<nav epub:type='toc'><ol>{links}</ol></nav>"))
        archive.writestr(
            "OEBPS/toc.ncx", f"<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap>{points}</navMap></ncx>"
        )
        for name, text in documents.items():
            archive.writestr(f"OEBPS/{name}", text)
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return data.getvalue()
