"""What a PDF contains, read with pikepdf. Imported only where a PDF is judged: it is heavy."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf.settings import set_qpdf_limits

from emulation.uploads.names import suffix

# To open a file qpdf unpacks its tables alone, no page: they are far smaller.
_LIMITS: dict[str, Any] = {
    "flate_max_memory": 8 * 1024 * 1024,
    "run_length_max_memory": 8 * 1024 * 1024,
    "png_max_memory": 8 * 1024 * 1024,
    "tiff_max_memory": 8 * 1024 * 1024,
    "max_stream_filters": 2,
    "doc_max_warnings": 100,
}
_OBJECTS = 100_000
_CONTAINERS = (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)
# Where nothing can act: ways back up, appearance, structure.
_PASSIVE = {"/Parent", "/P", "/Resources", "/Contents", "/StructTreeRoot", "/AP", "/Metadata"}
_ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/Rendition", "/Movie", "/Sound")
_ACTIVE_KEYS = {"/JS", "/XFA", "/RichMediaContent"}
_DATA = {"csv", "json", "txt", "xml"}  # what PDF/A-3 documents, ours too, carry along


def refusal(content: bytes) -> str:
    """Return the code of why a PDF is refused, "" if it is not.

    Sets the limits of qpdf for the whole process, so the process should be one that ends.
    """
    set_qpdf_limits(**_LIMITS)
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            return _document_refusal(pdf)
    except pikepdf.PasswordError:
        return "encrypted"
    except MemoryError:
        return "unpacked"
    except Exception:  # hostile bytes raise whatever they like
        return "unreadable"


def _document_refusal(pdf: pikepdf.Pdf) -> str:
    """Return the code of what is wrong: encrypted, without pages, or with what acts or hides."""
    if pdf.is_encrypted:
        return "encrypted"
    if len(pdf.pages) < 1:
        return "unreadable"
    for count, node in enumerate(_dictionaries(pdf.Root)):
        if count > _OBJECTS:
            return "unpacked"
        action = node.get("/S")
        if not _ACTIVE_KEYS.isdisjoint(node.keys()) or action in _ACTIONS:
            return "active"
        if "/EF" in node and suffix(str(node.get("/UF", node.get("/F", "")))) not in _DATA:
            return "attachment"
    # qpdf repairs what it can, and reads on after a limit; only its warnings tell.
    return "unpacked" if any("limit exceeded" in text for text in pdf.get_warnings()) else ""


def _dictionaries(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the dictionaries (of streams too) below `root`, each once, save for passive ones."""
    waiting = [root]
    seen = set()
    while waiting:
        node = waiting.pop()
        if node.is_indirect and node.objgen in seen:
            continue
        seen.add(node.objgen)
        if isinstance(node, pikepdf.Array):
            children = list(node)
        else:
            yield node
            children = [child for key, child in node.items() if key not in _PASSIVE]
        waiting += [child for child in children if isinstance(child, _CONTAINERS)]
