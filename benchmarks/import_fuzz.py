"""The readers of imports over spoilt files: nothing may come out but rows or a refusal.

    .venv/bin/python -m benchmarks.import_fuzz [--runs 100000] [--seed 1]

Bytes of a good file are changed, parts of the archive are cut, doubled and mixed, XML gets odd
values. The upload's own check runs first, as it does in earnest; half of the files skip it. The
longest single file is named: a reader that hangs is a fault as well.
"""

import argparse
import random
import time
import warnings
import zipfile
from collections import Counter
from io import BytesIO

import benchmarks.site  # noqa: F401 - sets Django up before any model is imported
from emulation import uploads
from emulation.importing.reading import FORMATS
from emulation.importing.table import Unreadable
from tests.emulation import import_files as f

ODD = [
    *("", "1e999", "-1", "NaN", "&#1;", "&#xD800;", "&amp;", "<f>1+1</f>", 't="e"', 't="b"'),
    *('t="d"', 'r="ZZZZ9"', 'r="A0"', 'r="A99999999"', "99999999999999999999", "<v/>", "</row>"),
    *("<w:tbl>", "</w:tc>", "<w:tr/>", 'w:val="x"', "<!DOCTYPE a>", "\0", "\ufffe", "Loại"),
]  # fmt: skip
HEAVY = ("xl/theme", "word/theme", "docProps", "word/stylesWithEffects", "word/fontTable")


def spoil_bytes(chance: random.Random, content: bytes) -> bytes:
    """Change a few bytes, cut a piece out, or put one in twice."""
    spoilt = bytearray(content)
    for _change in range(chance.randint(1, 6)):
        at = chance.randrange(len(spoilt))
        way = chance.randrange(3)
        if way == 0:
            spoilt[at] = chance.randrange(256)
        elif way == 1:
            del spoilt[at : at + chance.randint(1, 40)]
        else:
            spoilt[at:at] = spoilt[at : at + chance.randint(1, 40)]
    return bytes(spoilt)


def spoil_text(chance: random.Random, text: str) -> str:
    """Put odd pieces into XML, or take some away."""
    for _change in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        piece = chance.choice([*ODD, text[at : at + chance.randint(0, 300)]])
        text = text[:at] + piece + text[at + chance.choice((0, 0, 1, 5, 60, 400)) :]
    return text


def spoil_parts(chance: random.Random, parts: dict[str, bytes]) -> bytes:
    """Pack an archive again with one part spoilt, lost, or in the place of another."""
    parts = dict(parts)
    name = chance.choice([name for name in parts if not name.startswith(HEAVY)])
    way = chance.randrange(8)
    if way == 0:
        del parts[name]
    elif way == 1:
        parts[name] = parts[chance.choice(list(parts))]
    else:
        text = parts[name].decode("utf-8", "replace")
        parts[name] = spoil_text(chance, text).encode("utf-8", "replace")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def outcome(chance: random.Random, extension: str, content: bytes) -> str:
    """Return what became of a file in a word; any other exception ends the run."""
    if chance.random() < 0.5:
        try:
            uploads.check(f"a.{extension}", BytesIO(content), len(content))
        except uploads.Refused as refused:
            return f"upload {refused.code}"
    try:
        table = FORMATS[extension].read(content)
    except Unreadable:
        return "unreadable"
    assert all(where and text for where, text in table.problems)
    return "problems" if table.problems else "rows"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    chance = random.Random(options.seed)
    faults = [row | {"order": n} for n, (_what, _name, row) in enumerate(f.FAULTS)]
    good = {"xlsx": f.workbook([*f.good_rows(3), *faults]), "docx": f.document(f.good_rows(3))}
    parts = {extension: unpacked(content) for extension, content in good.items()}
    seen: Counter[str] = Counter()
    longest, began = 0.0, time.perf_counter()
    for _run in range(options.runs):
        extension = chance.choice(("xlsx", "docx"))
        if chance.random() < 0.4:
            content = spoil_bytes(chance, good[extension])
        else:
            content = spoil_parts(chance, parts[extension])
        at = time.perf_counter()
        seen[f"{extension} {outcome(chance, extension, content)}"] += 1
        longest = max(longest, time.perf_counter() - at)
        if sum(seen.values()) % 10_000 == 0:
            print(f"{sum(seen.values())} files, the longest {longest:.2f} s", flush=True)
    taken = time.perf_counter() - began
    print(f"{options.runs} files in {taken:.0f} s, the longest {longest:.2f} s; no other exception")
    for what, number in seen.most_common():
        print(f"{number:8} {what}")
    return 0 if longest < 5 else 1


if __name__ == "__main__":
    raise SystemExit(main())
