"""What the made-up units tell of their files: which document, from whom, of which day."""

from datetime import date
from typing import Any

from emulation.models import Evidence
from emulation.models.evidence import Claim
from emulation.services import evidence as services

# How the number of a document begins and ends, by the first word of the file's name.
_KINDS = {"Kế": "KH", "Báo": "BC", "Biên": "BB", "Quyết": "QĐ", "Thuyết": "TM", "Dự": "DT"}
# The same plan of the cluster behind two achievements of two units: the reviewer is told.
_OF_THE_CLUSTER = {"Kế hoạch đợt thi đua.pdf", "Báo cáo sơ kết đợt thi đua.pdf"}


def tell_of(evidence: Evidence, *, on: date, turn: int, is_counted: bool) -> None:
    """Fill in the ledger of a file that was attached for a deed of `on`, before it is stored.

    Photos and lists name no document, as with most files on a phone.
    """
    values: dict[str, Any] = {}
    name, unit = evidence.name, evidence.achievement.unit
    kind = _KINDS.get(name.split()[0])
    if name in _OF_THE_CLUSTER:
        values = {
            "document_number": "27/KH-CTĐ9", "issuer": "Cụm thi đua mẫu", "page": "2",
            "issued_on": date(2026, 9, 1),
        }  # fmt: skip
    elif kind and unit:
        values = {
            "document_number": f"{turn * 7 + 12}/{kind}-{unit.code}", "issuer": unit.short_name,
            "page": "1", "issued_on": on,
        }  # fmt: skip
    elif is_counted and name.endswith(".xlsx"):
        values = {"claim": Claim.QUANTITY}
    for field, value in values.items():
        setattr(evidence, field, value)
    services.index(evidence)
