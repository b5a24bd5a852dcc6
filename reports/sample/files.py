"""Small real files as evidence of the sample: PDF, DOCX, XLSX, PNG and JPEG, each readable.

Equal arguments give equal bytes: no clock, no chance. Every file says that it is made up.
Imported only while the sample is loaded: pikepdf and fontTools take a quarter of a second.
"""

import random
import textwrap
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from io import BytesIO

import pikepdf
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageDraw, ImageFont

MARK = "Tài liệu minh họa, không có thật"
EPOCH = (2026, 1, 1, 0, 0, 0)
_FONT = "fonts/tinos/Tinos-Regular.woff2"
_A4 = (595, 842)


def evidence(name: str, unit: str, lines: Sequence[str]) -> bytes:
    """Return a file whose kind is that of its name; `lines` are what it tells, one fact each."""
    title = name.rpartition(".")[0]
    return _MAKERS[name.rpartition(".")[2]](title, unit, lines)


def content_type(name: str) -> str:
    """Return the media type of a file of that name."""
    return _CONTENT_TYPES[name.rpartition(".")[2]]


def _pdf(title: str, unit: str, lines: Sequence[str]) -> bytes:
    """Return one page of text that can be selected and searched."""
    font, glyphs = _typeface()
    pdf = Pdf.new()
    text = [(11, unit.upper()), (16, title), *((12, row) for row in _wrapped(lines, 80))]
    rows = [f"/F {size} Tf 0 -{size * 1.7:.0f} Td <{_hex(row, glyphs)}> Tj" for size, row in text]
    foot = f"1 0 0 1 60 50 Tm /F 10 Tf <{_hex(MARK, glyphs)}> Tj"
    page = pdf.add_blank_page(page_size=_A4)
    page.Contents = pdf.make_stream(f"BT 60 790 Td {' '.join(rows)} {foot} ET".encode())
    page.Resources = Dictionary(Font=Dictionary(F=_font_object(pdf, font)))
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


@cache
def _typeface() -> tuple[TTFont, dict[int, int]]:
    """Return the print typeface and its glyph number for every letter."""
    font = TTFont(str(finders.find(_FONT)), recalcTimestamp=False)
    font.flavor = None
    number = {name: index for index, name in enumerate(font.getGlyphOrder())}
    return font, {letter: number[name] for letter, name in font.getBestCmap().items()}


def _hex(text: str, glyphs: dict[int, int]) -> str:
    """Return the glyph numbers of a text as a PDF string holds them."""
    return "".join(f"{glyphs.get(ord(letter), 0):04x}" for letter in text)


@cache
def _program() -> tuple[bytes, int]:
    """Return the typeface as the TrueType file that a PDF embeds."""
    out = BytesIO()
    _typeface()[0].save(out, reorderTables=False)
    return _packed(out.getvalue())


def _font_object(pdf: Pdf, font: TTFont) -> pikepdf.Object:
    """Return the embedded typeface with the table that leads from glyphs back to letters."""
    scale = 1000 / font["head"].unitsPerEm
    widths = [round(font["hmtx"][name][0] * scale) for name in font.getGlyphOrder()]
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor, FontName=Name.Tinos, Flags=4, ItalicAngle=0, StemV=80,
            FontBBox=Array([-200, -300, 1300, 1000]), Ascent=891, Descent=-216, CapHeight=660,
            FontFile2=_stream(pdf, _program()),
        )
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Tinos,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=descriptor, W=Array([0, Array(widths)]), CIDToGIDMap=Name.Identity,
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Tinos, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([descendant]), ToUnicode=_stream(pdf, _letters()),
        )
    )  # fmt: skip


def _stream(pdf: Pdf, packed: tuple[bytes, int]) -> pikepdf.Object:
    """Return a stream of packed bytes: packing the typeface for every file would take longest."""
    content, length = packed
    return pdf.make_stream(content, Filter=Name.FlateDecode, Length1=length)


def _packed(content: bytes) -> tuple[bytes, int]:
    """Return the bytes as a PDF keeps them, and how many they were."""
    return zlib.compress(content, 9), len(content)


@cache
def _letters() -> tuple[bytes, int]:
    """Return the map of glyph numbers to letters, in blocks of a hundred as the format asks."""
    # Space and no-break space share a glyph: the plainer letter of two is the one to be found.
    of_glyph = {glyph: letter for letter, glyph in sorted(_typeface()[1].items(), reverse=True)}
    pairs = [f"<{glyph:04x}> <{letter:04x}>" for glyph, letter in sorted(of_glyph.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return _packed(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{body}\nendcmap end end".encode()
    )


def _wrapped(lines: Sequence[str], width: int) -> list[str]:
    """Return the lines broken to a width, with an empty one before each."""
    return [row for line in lines for row in ["", *textwrap.wrap(line, width)]]


def _picture(title: str, unit: str, lines: Sequence[str]) -> Image.Image:
    """Return a drawn scene, the same for the same title, with its caption."""
    chance = random.Random(title + unit)  # noqa: S311 - a drawing, no secret
    image = Image.new("RGB", (480, 320), (214, 226, 236))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 190, 480, 320), fill=(188, 196, 178))
    for at in range(6):
        left, height = 20 + at * 76, chance.randint(40, 110)
        grey = chance.randint(120, 190)
        draw.rectangle((left, 190 - height, left + 58, 200), fill=(grey, grey - 10, grey - 25))
        draw.ellipse((left + 18, 205, left + 40, 227), fill=(92, 74, 62))
        draw.rectangle((left + 12, 227, left + 46, 262), fill=(60, 84, 60 + at * 12))
    draw.rectangle((0, 272, 480, 320), fill=(255, 255, 255))
    font = ImageFont.truetype(str(finders.find(_FONT)), 15)
    draw.text((10, 276), f"{title} · {unit}", font=font, fill=(0, 0, 0))
    draw.text((10, 297), MARK, font=font, fill=(90, 90, 90))
    return image


def _png(title: str, unit: str, lines: Sequence[str]) -> bytes:
    out = BytesIO()
    _picture(title, unit, lines).save(out, "PNG")
    return out.getvalue()


def _jpg(title: str, unit: str, lines: Sequence[str]) -> bytes:
    out = BytesIO()
    _picture(title, unit, lines).save(out, "JPEG", quality=75)
    return out.getvalue()


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument"


def _docx(title: str, unit: str, lines: Sequence[str]) -> bytes:
    """Return a document of plain paragraphs."""
    rows = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(row)}</w:t></w:r></w:p>'
        for row in (unit.upper(), title, *lines, MARK)
    )
    body = f'<w:document xmlns:w="{_WORD}"><w:body>{rows}</w:body></w:document>'
    kind = f"{_MAIN}.wordprocessingml.document.main+xml"
    return _package("word/document.xml", kind, {"word/document.xml": body})


def _xlsx(title: str, unit: str, lines: Sequence[str]) -> bytes:
    """Return a workbook of one sheet: the facts numbered."""
    table = [[unit], [title], ["STT", "Nội dung"]]
    table += [[str(number), line] for number, line in enumerate(lines, 1)] + [[MARK]]
    rows = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in table
    )
    book = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Số liệu" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relation(f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
        ),
    }
    kind = f"{_MAIN}.spreadsheetml.sheet.main+xml"
    return _package("xl/workbook.xml", kind, parts)


def _relation(kind: str, target: str) -> str:
    """Return the part that leads from one part to another."""
    return (
        f'<Relationships xmlns="{_LINKS}">'
        f'<Relationship Id="r1" Type="{kind}" Target="{target}"/></Relationships>'
    )


def _package(main: str, kind: str, parts: dict[str, str]) -> bytes:
    """Return an Office archive of the parts; `main` is the one that is opened."""
    types = [("/" + main, kind)]
    if "xl/worksheets/sheet1.xml" in parts:
        types.append(("/xl/worksheets/sheet1.xml", f"{_MAIN}.spreadsheetml.worksheet+xml"))
    overrides = "".join(f'<Override PartName="{p}" ContentType="{t}"/>' for p, t in types)
    listed = (
        f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )
    whole = {
        "[Content_Types].xml": listed,
        "_rels/.rels": _relation(f"{_OFFICE}/officeDocument", main),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in (whole | parts).items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode())
    return out.getvalue()


_CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_MAIN}.wordprocessingml.document",
    "xlsx": f"{_MAIN}.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_MAKERS: dict[str, Callable[[str, str, Sequence[str]], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "png": _png,
    "jpg": _jpg,
}
