"""Change the arithmetic in one place at a time, and see whether a test notices.

    .venv/bin/python -m benchmarks.mutation emulation/scoring.py [--limit 50] [--seconds 60]

Works on a copy of the files in a folder of its own. A mutant that no pure test kills is printed;
those that cannot be told from the original are explained in tests/emulation/mutants.md.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

FILES = ("emulation/__init__.py", "emulation/kinds.py", "emulation/scoring.py",
         "emulation/tally.py", "emulation/overtaking.py", "tests/__init__.py",
         "tests/emulation/__init__.py", "tests/emulation/oracle.py")  # fmt: skip
TESTS = ("test_scoring.py", "test_tally.py")
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COUNTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node could be instead."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            other = copy.deepcopy(node)
            other.ops[at] = COMPARED[type(operator)]()
            yield other
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        yield ast.BinOp(node.left, COUNTED[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        yield from node.values
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield ast.Constant(node.value + 1)
        elif isinstance(node.value, str) and len(node.value) < 20:
            yield ast.Constant(node.value + "1")
    elif isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Call):
        for at in range(len(node.args)):
            yield ast.Call(node.func, node.args[:at] + node.args[at + 1 :], node.keywords)
        for at in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:at] + node.keywords[at + 1 :])
    elif isinstance(node, ast.Continue):
        yield ast.Break()


def told(tree: ast.Module) -> set[int]:
    """Return the constants that only talk: docstrings, messages of errors and annotations."""
    silent = set()
    for node in ast.walk(tree):
        spoken = isinstance(node, ast.Raise) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )
        parts = [node] if spoken else [getattr(node, "annotation", None),
                                       getattr(node, "returns", None)]  # fmt: skip
        silent |= {id(inner) for part in parts if part for inner in ast.walk(part)}
    return silent


def mutants(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, what became what, the whole text) of every mutant of a module."""
    tree = ast.parse(text)
    silent = told(tree)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            children = value if isinstance(value, list) else [value]
            for at, child in enumerate(children):
                if not isinstance(child, ast.AST) or id(child) in silent:
                    continue
                for other in changed(child):
                    after = [*children[:at], other, *children[at + 1 :]]
                    setattr(parent, name, after if isinstance(value, list) else other)
                    shown = f"{ast.unparse(child)[:90]}  ->  {ast.unparse(other)[:90]}"
                    made = ast.unparse(ast.fix_missing_locations(tree))
                    setattr(parent, name, value)
                    yield getattr(child, "lineno", 0), shown, made


def outcome(folder: Path, seconds: float) -> str:
    """Return "killed", "timeout" or "survived" for what stands in the folder."""
    tests = [f"tests/emulation/{name}" for name in TESTS]
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "-p", "no:django",
               "-p", "no:xdist", "-p", "no:randomly", "-c", "pytest.ini", *tests]  # fmt: skip
    try:
        done = subprocess.run(command, cwd=folder, timeout=seconds, check=False,
                              capture_output=True,
                              env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})  # fmt: skip
    except subprocess.TimeoutExpired:
        return "timeout"
    return "survived" if done.returncode == 0 else "killed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--limit", type=int, help="only so many, drawn by lot")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--examples", type=int, default=15)
    options = parser.parse_args()
    root = Path(__file__).resolve().parent.parent
    counts = {"killed": 0, "timeout": 0, "survived": 0}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (*FILES, *(f"tests/emulation/{test}" for test in TESTS)):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            if (root / file).exists():
                shutil.copy(root / file, folder / file)
        (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
        (folder / "conftest.py").write_text(
            "from hypothesis import settings\n"
            f"settings.register_profile('m', max_examples={options.examples}, deadline=None,"
            " derandomize=True, database=None)\nsettings.load_profile('m')\n"
        )
        if outcome(folder, options.seconds) != "survived":
            print("The tests fail without any change.")
            return 2
        every = list(mutants((root / options.file).read_text()))
        if options.limit:
            every = random.Random(4).sample(every, min(options.limit, len(every)))
        for line, shown, text in every:
            (folder / options.file).write_text(text)
            found = outcome(folder, options.seconds)
            counts[found] += 1
            if found == "survived":
                print(f"{options.file}:{line}  {shown}", flush=True)
    print(f"{sum(counts.values())} mutants: {counts}")
    return int(counts["survived"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
