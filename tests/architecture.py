"""Reads our files and tells where they leave the plan of the house.

Every check takes sources by their path (`{"emulation/forms.py": "..."}`), so it can be tried on
bad samples, and yields sentences `path:line what is wrong`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

Sources = dict[str, str]
Function = ast.FunctionDef | ast.AsyncFunctionDef

# A room may import from itself and from those before it; nobody imports the wiring.
ROOMS = ("journal", "clusters", "emulation", "awards", "reports", "config")
# Inside a room a file may import from its own layer and from those before it. A file that is in
# no layer is a pure rule: it stands below them all and knows no Django, save how to mark a text.
LAYERS = (
    {"models", "verbs"},
    {
        *("authentication", "lineage", "permissions", "queries", "standings", "ranking", "goals"),
        "published",
        *("facts", "sheets", "lanes", "cross", "tags", "lines", "timeline", "windows", "chains"),
        *("returns", "revisions", "talk", "schemes", "trial"),
        *("proposals",),
        *("duplicates", "ledger", "store"),
        *("years", "laboratory", "findings"),
        *("pledges", "attainment", "drives", "community", "organizations"),
        *("content", "summary", "charts", "pdf", "press"),
        *("inspections", "practices", "yearbook", "matters"),
        *("desks", "inbox", "queue", "progress", "system", "watch", "year"),
        *("drafting", "reporting", "pulse", "steps"),
        *("scorecard", "blocks"),
    },
    {"services", "sample"},
    # A worker judges the rows of a file with the forms of the page.
    {"forms", "admin", "tasks"},
    {"views", "context", "places", "templatetags", "management"},
    {"urls"},
)
PURE_DJANGO = ("django.utils.translation.", "django.utils.functional.Promise")
OUTSIDE_LAYERS = {"apps", "migrations", "__init__"}
FORBIDDEN_NAMES = {"utils", "common", "helpers", "signals", "managers", "constants"}
DOCUMENTED = {"services", "permissions"}
TOP_LEVEL = {
    *(".ci", ".editorconfig", ".gitignore", "LICENSE", "Makefile", "README.md", "manage.py"),
    *("pyproject.toml", "requirements.in", "requirements.txt"),
    *("requirements-dev.in", "requirements-dev.txt"),
    *ROOMS,
    *("benchmarks", "docs", "locale", "static", "templates", "tests"),
}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MACHINE = re.compile(r"(?<![\w.])/(?:work|home|root|farm|Users|tmp/bash_jobs)/")
INLINE = re.compile(r"\sstyle=|<style\b|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.I)
# Written in pieces, or this file would break its own rule.
HOSTS = re.compile(
    "|".join(("py" + "pi\\.org", "python" + "hosted", "npm" + "js\\.", "deb\\." + "debian"))
)


def in_product(path: str) -> bool:
    """Tell whether a path is a Python file of a room, migrations left out."""
    parts = PurePosixPath(path).parts
    return path.endswith(".py") and parts[0] in ROOMS and "migrations" not in parts


def _parsed(sources: Sources) -> Iterator[tuple[str, ast.Module]]:
    for path, text in sources.items():
        if in_product(path):
            yield path, ast.parse(text, path)


def _name_in_room(path: str) -> str:
    """Return the name that decides the layer: models for models.py and for models/pledge.py."""
    return PurePosixPath(path).parts[1].removesuffix(".py")


def _layer(name: str) -> int:
    """Return the number of the layer, 0 for a pure rule."""
    return next((number for number, names in enumerate(LAYERS, 1) if name in names), 0)


def imported(node: ast.AST, path: str) -> Iterator[str]:
    """Yield the full names that an import statement brings in; `from a import b` gives a.b."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = PurePosixPath(path).parts[: -node.level] if node.level else ()
        base = ".".join([*above, *filter(None, [node.module])])
        yield from (f"{base}.{alias.name}" for alias in node.names)


def _imports(sources: Sources) -> Iterator[tuple[str, int, str]]:
    for path, tree in _parsed(sources):
        for node in ast.walk(tree):
            for name in imported(node, path):
                yield path, getattr(node, "lineno", 0), name


def upward_imports(sources: Sources) -> Iterator[str]:
    """Find imports of a room on the right, of the wiring, or of a higher layer."""
    for path, line, name in _imports(sources):
        parts, room = name.split("."), PurePosixPath(path).parts[0]
        if parts[0] not in ROOMS:
            continue
        if room != "config" and ROOMS.index(parts[0]) > ROOMS.index(room):
            yield f"{path}:{line} {room} imports {name} above it"
        own = _name_in_room(path)
        same_room = parts[0] == room != "config" and len(parts) > 1
        if same_room and own not in OUTSIDE_LAYERS and _layer(parts[1]) > _layer(own):
            yield f"{path}:{line} {own} imports {name} from a higher layer"


def impure_rules(sources: Sources) -> Iterator[str]:
    """Find Django in a file that is in no layer."""
    for path, line, name in _imports(sources):
        own = _name_in_room(path)
        pure = PurePosixPath(path).parts[0] != "config" and own not in OUTSIDE_LAYERS
        marks_text = name.startswith(PURE_DJANGO)
        if pure and not _layer(own) and name.split(".")[0] == "django" and not marks_text:
            yield f"{path}:{line} a pure rule imports {name}; else name its layer"


def _explained(lines: list[str], number: int) -> bool:
    """Tell whether a comment stands on the line or above the run of imports it belongs to."""
    first = number - 1
    while first and lines[first - 1].lstrip().startswith(("import ", "from ")):
        first -= 1
    comments = (lines[number - 1].partition("#")[2], lines[first - 1].partition("#")[2])
    return any(re.sub(r"^\s*noqa: \w+", "", comment).strip() for comment in comments)


def hidden_imports(sources: Sources) -> Iterator[str]:
    """Find imports inside functions that no comment explains."""
    for path, tree in _parsed(sources):
        lines = sources[path].splitlines()
        for function in _functions(tree):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom) and not _explained(
                    lines, node.lineno
                ):
                    yield f"{path}:{node.lineno} {function.name} imports without saying why"


def _functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def untyped_functions(sources: Sources) -> Iterator[str]:
    """Find functions without a type for their result or for one of their arguments."""
    for path, tree in _parsed(sources):
        for function in _functions(tree):
            given = function.args
            named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
            named += [argument for argument in (given.vararg, given.kwarg) if argument]
            bare = [a.arg for a in named if a.annotation is None and a.arg not in {"self", "cls"}]
            if function.returns is None or bare:
                yield f"{path}:{function.lineno} {function.name} is not typed {bare}"


def undocumented_rules(sources: Sources) -> Iterator[str]:
    """Find public functions of services, permissions and pure rules without a docstring."""
    for path, tree in _parsed(sources):
        name = _name_in_room(path)
        if path.startswith("config/") or name in OUTSIDE_LAYERS:
            continue
        if name not in DOCUMENTED and _layer(name):
            continue
        for node in tree.body:
            if not isinstance(node, Function) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                yield f"{path}:{node.lineno} {node.name} has no docstring"


def too_long(sources: Sources) -> Iterator[str]:
    """Find files and functions that have outgrown their limits."""
    for path, text in sources.items():
        filled = sum(1 for line in text.splitlines() if line.strip())
        own = path.endswith((".html", ".css", ".js")) and "/vendor/" not in path
        if (own or in_product(path)) and filled > LONGEST_FILE:
            yield f"{path}:1 {filled} lines; split it by subject"
    for path, tree in _parsed(sources):
        for function in _functions(tree):
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path}:{function.lineno} {function.name}: {length} lines"


def inline_code(sources: Sources) -> Iterator[str]:
    """Find styles and scripts inside web pages: the content security policy drops them.

    What is printed as PDF (templates/…/print/) never meets a browser.
    """
    for path, text in sources.items():
        if not path.startswith("templates/") or "/print/" in path:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if found := INLINE.search(line):
                yield f"{path}:{number} holds {found[0].strip()!r}"


def misplaced(sources: Sources) -> Iterator[str]:
    """Find top-level entries nobody planned, and modules named after nothing."""
    unknown = {PurePosixPath(path).parts[0] for path in sources} - TOP_LEVEL
    yield from (f"{name}: not planned at the top level" for name in sorted(unknown))
    for path in sources:
        stems = {part.removesuffix(".py") for part in PurePosixPath(path).parts}
        if path.endswith(".py") and (bad := stems & FORBIDDEN_NAMES):
            yield f"{path}: {', '.join(sorted(bad))} says nothing about what is inside"


def foreign_places(sources: Sources) -> Iterator[str]:
    """Find paths of somebody's machine and hosts of package registries."""
    for path, text in sources.items():
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE.search(line):
                yield f"{path}:{number} names a path of a machine"
            if HOSTS.search(line):
                yield f"{path}:{number} names the host of a registry"


CHECKS = (
    upward_imports,
    impure_rules,
    hidden_imports,
    untyped_functions,
    undocumented_rules,
    too_long,
    inline_code,
    misplaced,
    foreign_places,
)
