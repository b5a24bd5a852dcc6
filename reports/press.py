"""The heavy half of `reports.pdf`: WeasyPrint lays out, pikepdf makes the file valid twice.

Import it through `reports.pdf` only. Each step of `finish` names the rule that it serves.
"""

import io
import logging
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from fontTools.ttLib import woff2  # type: ignore[import-untyped]
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.content import ZONE

# An invented scheme would not do: urljoin resolves relative names only for those it knows.
BASE = "https://report.invalid/"
MIME = {".css": "text/css; charset=utf-8", ".woff2": "font/ttf"}
FACES = ("Regular", "Bold", "Italic", "BoldItalic")
# PDF/UA-1 wants its identifier in the XMP, PDF/A-3 wants that schema to be declared there.
UA_XMP = """\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed\
</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""

Tell = Callable[[int, str], None]
_warnings = logging.getLogger("weasyprint")
_progress = logging.getLogger("weasyprint.progress")
_progress.setLevel(logging.INFO)
_progress.propagate = False  # a line for every page is for the reader of the page, not of the log


class Refused(FatalURLFetchingError):  # noqa: N818 - named after what happened
    """An address that is not part of the print sheet. It stops the render.

    An ordinary exception would only be logged, and the document would come out without its
    style sheet, in another typeface, and would still validate.
    """


class Flawed(Exception):  # noqa: N818 - named after what happened
    """WeasyPrint left something out and only logged it: a chart, a typeface, a style."""


@cache
def parts() -> dict[str, bytes]:
    """Return all that a document may load, by its address below BASE.

    The fonts are unpacked here, once in a process: WeasyPrint would do it for every document, and
    that is a seventh of its time. It looks at the bytes, not at the name.
    """
    found = {}
    for name in ("print/decree30.css", *(f"fonts/tinos/Tinos-{face}.woff2" for face in FACES)):
        found[name] = Path(str(finders.find(name))).read_bytes()
        if name.endswith(".woff2"):
            unpacked = io.BytesIO()
            woff2.decompress(io.BytesIO(found[name]), unpacked)
            found[name] = unpacked.getvalue()
    return found


class Closed(URLFetcher):
    """Hands out the parts from memory; opens, resolves and asks nothing else."""

    refused = ""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return one of the parts; raise Refused for any other address."""
        name = url.removeprefix(BASE)
        if name == url or name not in parts():
            self.refused = f"refused: {url[:60]}"
            raise Refused(self.refused)
        return URLFetcherResponse(url, parts()[name], {"Content-Type": MIME[Path(name).suffix]})


class _Listener(logging.Handler):
    """Hears WeasyPrint in this thread: pages become a rising percentage, complaints are kept."""

    def __init__(self, tell: Tell, letters: int) -> None:
        """Guess the number of pages from the length of the HTML."""
        super().__init__()
        self.tell, self.thread, self.pages = tell, threading.get_ident(), 1 + letters // 4000
        self.percent = 0
        self.flaws: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Tell where the layout stands; it may run over the pages more than once."""
        if record.thread != self.thread:
            return
        if record.name != _progress.name:
            self.flaws.append(record.getMessage())
            return
        text, percent = _("Đọc nội dung"), 5
        if record.msg.startswith("Step 5") and isinstance(record.args, tuple):
            at = int(str(record.args[0]))
            text, percent = _("Dàn trang"), 15 + 60 * at // (self.pages + at)
        elif record.msg.startswith(("Step 6", "Step 7")):
            text, percent = _("Ghi tệp PDF"), 85
        if percent > self.percent:
            self.percent = percent
            self.tell(percent, text)


@contextmanager
def _heard(tell: Tell, html: str) -> Iterator[_Listener]:
    """Listen to WeasyPrint's loggers for the time of one document."""
    listener, complaints = _Listener(tell, len(html)), _Listener(tell, 0)
    complaints.setLevel(logging.WARNING)
    complaints.flaws = listener.flaws
    _progress.addHandler(listener)
    _warnings.addHandler(complaints)
    try:
        yield listener
    finally:
        _progress.removeHandler(listener)
        _warnings.removeHandler(complaints)


def lay_out(html: str, tell: Tell) -> bytes:
    """Return WeasyPrint's PDF/A-3a of the document.

    Raises Refused for a foreign address and Flawed for anything else that is not on the page.
    """
    closed = Closed()
    with _heard(tell, html) as listener:
        source = HTML(string=html, base_url=BASE, url_fetcher=closed)
        raw: bytes = source.render().write_pdf(pdf_variant="pdf/a-3a")
    if closed.refused:  # inside a drawing WeasyPrint swallows even what should be fatal
        raise Refused(closed.refused)
    if listener.flaws:
        raise Flawed("; ".join(listener.flaws))
    return raw


def count_pages(file: bytes) -> int:
    """Return the number of pages of a PDF."""
    with Pdf.open(io.BytesIO(file)) as pdf:
        return len(pdf.pages)


def finish(raw: bytes, data: bytes, created: datetime) -> bytes:
    """Return the file valid as PDF/A-3a and PDF/UA-1, with `data` attached as data.json."""
    with Pdf.open(io.BytesIO(raw)) as pdf:
        _identify(pdf)
        live = set()
        for element, section in _elements(pdf.Root.StructTreeRoot):
            live.add(element.objgen)
            _complete(element, section)
        _mark_furniture(pdf, live)
        _describe_links(pdf)
        _attach(pdf, data, created.astimezone(ZONE))
        return _saved(pdf)


def _identify(pdf: Pdf) -> None:
    """Add the PDF/UA identifier to the XMP; the stream stays without filter for PDF/A."""
    xmp = bytes(pdf.Root.Metadata.read_bytes()).decode()
    cut = xmp.rindex("</rdf:RDF>")
    pdf.Root.Metadata = pdf.make_stream(
        (xmp[:cut] + UA_XMP + xmp[cut:]).encode(), Type=Name.Metadata, Subtype=Name.XML
    )


def _elements(root: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each structure element, depth first, with the table section around it."""
    waiting: list[tuple[Any, Any]] = [(root, None)]
    while waiting:
        node, section = waiting.pop()
        if node is not root:
            yield node, section
        kids = node.get("/K", [])
        for kid in reversed(list(kids)) if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and "/S" in kid:
                inside = kid.S if kid.S in (Name.THead, Name.TBody) else section
                waiting.append((kid, inside))


def _complete(element: Any, section: Any) -> None:
    """Say which way a header cell looks, and give a figure its box in points from below."""
    kind = element.S
    if kind == Name.TH:
        element.A.Scope = Name.Column if section == Name.THead else Name.Row
    if kind == Name.Figure:
        x1, y1, x2, y2 = (float(value) * 0.75 for value in element.A.BBox)
        height = float(element.Pg.MediaBox[3])
        element.A.BBox = Array([round(v, 2) for v in (x1, height - y2, x2, height - y1)])


def _mark_furniture(pdf: Pdf, live: set[tuple[int, int]]) -> None:
    """Turn page numbers and repeated notices, which hang nowhere in the tree, into artifacts."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    for page in pdf.pages:
        row = parents[int(page.obj.StructParents)]
        dead = {i for i, element in enumerate(row) if element.objgen not in live}
        if not dead:
            continue
        operations = [
            _artifact(instruction, dead) for instruction in pikepdf.parse_content_stream(page)
        ]
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(operations))
        for i in dead:
            row[i] = None


def _artifact(instruction: Any, dead: set[int]) -> tuple[Any, Any]:
    """Return an instruction; the start of a sequence that belongs to nobody as pagination."""
    operands, operator = instruction.operands, instruction.operator
    if str(operator) == "BDC" and int(operands[1].get("/MCID", -1)) in dead:
        operands = [Name.Artifact, Dictionary(Type=Name.Pagination)]
    return operands, operator


def _describe_links(pdf: Pdf) -> None:
    """Say in words where a link leads; WeasyPrint gives the bare target."""
    for page in pdf.pages:
        for link in page.obj.get("/Annots", []):
            if link.get("/Subtype") == Name.Link:
                link.Contents = f"Tới Phụ lục, mã {link.Contents}"


def _attach(pdf: Pdf, data: bytes, stamp: datetime) -> None:
    """Attach the numbers as an associated file, which PDF/A-3 asks for.

    A line end more keeps the compressed form from ending in CR; JSON does not mind.
    """
    while zlib.compress(data).endswith(b"\r"):
        data += b"\n"
    zone = stamp.strftime("%z")
    when = f"{stamp:D:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
    pdf.attachments["data.json"] = AttachedFileSpec(
        pdf,
        data,
        filename="data.json",
        mime_type="application/json",
        relationship=Name.Data,
        description="Số liệu của văn bản",
        creation_date=when,
        mod_date=when,
    )
    pdf.Root.AF = Array([pdf.attachments["data.json"].obj])


def _saved(pdf: Pdf) -> bytes:
    """Return the file, without a stream that ends in CR.

    The validator takes CR before qpdf's LF for a line end and finds the stream one byte short.
    The last byte of a compressed stream is its checksum, so only other content helps: a line end
    after it, or a longer private string for the one object stream.
    """
    for stream in pdf.objects:
        if isinstance(stream, pikepdf.Stream) and stream.get("/Type") != Name.Metadata:
            _end_well(stream)
    for length in range(1, 40):
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            recompress_flate=False,
        )
        if b"\r\nendstream" not in out.getvalue():
            break
        pdf.Root.StructTreeRoot.ThiDua = pikepdf.String("." * length)
    return out.getvalue()


def _end_well(stream: pikepdf.Stream) -> None:
    """Lengthen a stream until its compressed form ends in another byte than CR."""
    body = stream.read_bytes()
    if not zlib.compress(body).endswith(b"\r"):
        return
    while zlib.compress(body).endswith(b"\r"):
        body += b"\n"
    stream.write(body)
    if "/Length1" in stream:
        stream.Length1 = len(body)
