"""Whether LibreOffice computes the worked example of each shipped scheme as we do, to the last
decimal.

    .venv/bin/python -m benchmarks.worked_example

Exports both schemes, lets LibreOffice recalculate the formulas, and compares. It needs the package
libreoffice-calc, which nothing else here does; so it stands outside the tests.
"""

import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import openpyxl

from emulation import scheme_a, scheme_b
from emulation.scheme_file import EXAMPLE, TREE, scheme_workbook

PLACES = Decimal("0.0001")


def recalculated(content: bytes, folder: Path, name: str) -> openpyxl.Workbook:
    """Return the workbook as LibreOffice stores it after computing every formula."""
    given, out = folder / f"{name}.xlsx", folder / "out"
    given.write_bytes(content)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(given)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return openpyxl.load_workbook(out / f"{name}.xlsx", data_only=True)


def exact(value: object) -> Decimal:
    """Return a cell's number as it was written with four places."""
    return Decimal(str(value)).quantize(PLACES)


def main() -> None:
    """Compare line by line and say what differs."""
    with tempfile.TemporaryDirectory() as made:
        for name, shipped in (("a", scheme_a), ("b", scheme_b)):
            book = recalculated(scheme_workbook(shipped.PLAN), Path(made), name)
            rows = [row for row in book[EXAMPLE].iter_rows(min_row=2) if row[8].value is not None]
            wrong = [row for row in rows if exact(row[8].value) != exact(row[9].value)]
            groups = [row for row in book[TREE].iter_rows(min_row=2) if row[8].value is not None]
            uneven = [row for row in groups if exact(row[8].value) != exact(row[6].value)]
            print(f"{shipped.CODE}: {len(rows)} lines, {len(wrong)} differ;", end=" ")
            print(f"{len(groups)} groups, {len(uneven)} do not add up")
            for row in wrong + uneven:
                print("  ", [cell.value for cell in row])
            if wrong or uneven or not rows:
                raise SystemExit(1)


if __name__ == "__main__":
    main()
