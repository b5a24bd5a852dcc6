"""The triggers by which the database itself refuses to change a closed season.

Every table that holds something of a season is named here with the way from its row to the
season. A migration installs the triggers with `statements`; a later migration that rebuilds such
a table on SQLite loses them and has to install them again (a test compares the database with
`TABLES`).
"""

from collections.abc import Iterable, Iterator, Mapping

MESSAGE = "the season is closed"


def _by(table: str, column: str) -> str:
    """Return the way through the row of `table` that `column` points to."""
    return f"(SELECT season_id FROM {table} WHERE id = {{row}}.{column})"


_OF_SEASON = "{row}.season_id"
_OF_PLEDGE = _by("emulation_pledge", "pledge_id")
_OF_ACHIEVEMENT = _by("emulation_achievement", "achievement_id")
_OF_SHEET = _by("emulation_scoresheet", "sheet_id")
_OF_DRIVE = _by("emulation_drive", "drive_id")
_OF_PERIOD = _by("emulation_period", "period_id")
_OF_INSPECTION = _by("emulation_inspection", "inspection_id")
# Table: the season of its row, as SQL over {row}, which is OLD or NEW.
TABLES: Mapping[str, str] = {
    "emulation_season": "{row}.id",
    **dict.fromkeys(
        (
            *("emulation_phase", "emulation_source", "emulation_assessment", "emulation_latecode"),
            *("emulation_pledge", "emulation_launch", "emulation_drive", "emulation_period"),
            *("emulation_achievement", "emulation_import", "emulation_scoresheet"),
            *("emulation_inspection", "emulation_adoption", "emulation_recusal"),
            *("emulation_unitfact", "emulation_block", "emulation_objection"),
            "emulation_standing",
        ),
        _OF_SEASON,
    ),
    **dict.fromkeys(
        ("emulation_target", "emulation_signature", "emulation_registration"), _OF_PLEDGE
    ),
    **dict.fromkeys(
        (
            *("emulation_policydocument", "emulation_parliamentaryservice"),
            *("emulation_communityactivity", "emulation_advancedmodel", "emulation_evidence"),
            *("emulation_review", "emulation_revision", "emulation_message"),
        ),
        _OF_ACHIEVEMENT,
    ),
    "emulation_reviewnote": (
        "(SELECT a.season_id FROM emulation_review r JOIN emulation_achievement a"
        " ON a.id = r.achievement_id WHERE r.id = {row}.review_id)"
    ),
    "emulation_score": _OF_SHEET,
    "emulation_crosssheet": _OF_SHEET,
    "emulation_proof": (
        "(SELECT s.season_id FROM emulation_score c JOIN emulation_scoresheet s"
        " ON s.id = c.sheet_id WHERE c.id = {row}.score_id)"
    ),
    "emulation_crossscore": (
        "(SELECT s.season_id FROM emulation_crosssheet c JOIN emulation_scoresheet s"
        " ON s.id = c.sheet_id WHERE c.id = {row}.cross_sheet_id)"
    ),
    "emulation_objectionfile": _by("emulation_objection", "objection_id"),
    "emulation_driveresult": _OF_DRIVE,
    "emulation_periodicreport": _OF_PERIOD,
    "emulation_reminder": _OF_PERIOD,
    "emulation_inspector": _OF_INSPECTION,
    "emulation_finding": _OF_INSPECTION,
    # The members of a closed year stay its members, in their order.
    "clusters_membership": (
        "(SELECT id FROM emulation_season WHERE cluster_id = {row}.cluster_id"
        " AND year = {row}.year)"
    ),
}
# Rows that a closed season only refers to: which closed season stands behind one.
REFERRED: Mapping[str, str] = {
    "emulation_scheme": "s.scheme_id = {row}.id",
    "emulation_criterion": "s.scheme_id = {row}.scheme_id",
    "emulation_condition": "s.scheme_id = {row}.scheme_id",
    "clusters_cluster": "s.cluster_id = {row}.id",
    "clusters_term": "s.cluster_id = {row}.cluster_id AND s.year = {row}.year",
    "clusters_unit": (
        "EXISTS (SELECT 1 FROM clusters_membership m WHERE m.unit_id = {row}.id"
        " AND m.cluster_id = s.cluster_id AND m.year = s.year)"
    ),
}
# Of these only the columns that a closed season shows are kept: a unit may still end.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "clusters_cluster": ("level", "block", "number", "name", "place", "code"),
    "clusters_unit": ("name", "short_name", "code"),
    # A term is handed over after the closing; who held it stays.
    "clusters_term": ("cluster_id", "year", "head_id", "deputy_id"),
}
# New rows of these would change what a closed season shows.
COMPLETE = ("emulation_criterion", "emulation_condition", "clusters_term")
# What was published, and the correction of what is closed, are never changed: new rows follow.
APPEND_ONLY = ("emulation_correction",)
# What was published is kept as it was; a new publication is a new row.
KEPT = ("emulation_standing",)
# A locked version of a scheme was promised with the pledge: which scheme stands behind a row.
LOCKED: Mapping[str, str] = {
    "emulation_scheme": "{row}.id",
    "emulation_criterion": "{row}.scheme_id",
    "emulation_condition": "{row}.scheme_id",
}
LOCKED_MESSAGE, KEPT_MESSAGE = "the scheme is locked", "what was published stays"


def statements(vendor: str, tables: Mapping[str, str] = TABLES) -> Iterator[str]:
    """Yield the SQL that protects `tables`; running it again changes nothing."""
    make = _sqlite if vendor == "sqlite" else _postgresql
    for table, way in tables.items():
        yield from make(table, way)


def referred_statements(
    vendor: str,
    tables: Mapping[str, str] = REFERRED,
    columns: Mapping[str, tuple[str, ...]] = COLUMNS,
) -> Iterator[str]:
    """Yield the SQL that keeps what closed seasons refer to: of some tables, `columns` alone."""
    make = _sqlite_referred if vendor == "sqlite" else _postgresql_referred
    for table, link in tables.items():
        yield from make(table, link, columns.get(table, ()))


def append_only_statements(vendor: str) -> Iterator[str]:
    """Yield the SQL that refuses to change or delete a correction."""
    make = _sqlite_append_only if vendor == "sqlite" else _postgresql_append_only
    for table in APPEND_ONLY:
        yield from make(table)


def kept_statements(vendor: str) -> Iterator[str]:
    """Yield the SQL that refuses to change or delete what was published."""
    make = _sqlite_append_only if vendor == "sqlite" else _postgresql_append_only
    for table in KEPT:
        yield from make(table, "kept", KEPT_MESSAGE)


def locked_statements(vendor: str) -> Iterator[str]:
    """Yield the SQL that refuses to change a locked version of a scheme."""
    make = _sqlite_locked if vendor == "sqlite" else _postgresql_locked
    for table, way in LOCKED.items():
        yield from make(table, way)


def undo_statements(vendor: str, tables: Iterable[str]) -> Iterator[str]:
    """Yield the SQL that takes the protection of `tables` away."""
    for table in tables:
        if vendor == "sqlite":
            for act in ("insert", "update", "delete"):
                yield f"DROP TRIGGER IF EXISTS {table}_closed_{act}"
        else:
            for name in (f"{table}_closed", f"{table}_closed_truncate"):
                yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
                yield f"DROP FUNCTION IF EXISTS {name}()"


def _sqlite_trigger(
    table: str, act: str, when: str, word: str = "closed", message: str = MESSAGE
) -> Iterator[str]:
    name = f"{table}_{word}_{act.lower()}"
    yield f"DROP TRIGGER IF EXISTS {name}"
    condition = f"WHEN {when} " if when else ""
    yield (
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _sqlite(table: str, way: str) -> Iterator[str]:
    def closed(row: str) -> str:
        season = way.format(row=row)
        return f"EXISTS (SELECT 1 FROM emulation_season WHERE id = {season} AND closed_at NOTNULL)"

    if table == "emulation_season":
        yield from _sqlite_trigger(table, "UPDATE", "OLD.closed_at NOTNULL")
        yield from _sqlite_trigger(table, "DELETE", "OLD.closed_at NOTNULL")
        return
    yield from _sqlite_trigger(table, "INSERT", closed("NEW"))
    yield from _sqlite_trigger(table, "UPDATE", f"{closed('OLD')} OR {closed('NEW')}")
    yield from _sqlite_trigger(table, "DELETE", closed("OLD"))


def _closed_behind(link: str, row: str) -> str:
    where = link.format(row=row)
    return f"EXISTS (SELECT 1 FROM emulation_season s WHERE {where} AND s.closed_at IS NOT NULL)"


def _different(columns: tuple[str, ...], comparison: str) -> str:
    """Return the SQL that tells whether a kept column changes: Django writes the others along."""
    pairs = " OR ".join(f"OLD.{name} {comparison} NEW.{name}" for name in columns)
    return f"({pairs})" if columns else ""


def _sqlite_referred(table: str, link: str, columns: tuple[str, ...]) -> Iterator[str]:
    old = _closed_behind(link, "OLD")
    changed = _different(columns, "IS NOT")
    yield from _sqlite_trigger(table, "UPDATE", f"{changed} AND {old}" if changed else old)
    yield from _sqlite_trigger(table, "DELETE", old)
    if table in COMPLETE:
        yield from _sqlite_trigger(table, "INSERT", _closed_behind(link, "NEW"))


def _sqlite_append_only(table: str, word: str = "closed", message: str = MESSAGE) -> Iterator[str]:
    yield from _sqlite_trigger(table, "UPDATE", "", word, message)
    yield from _sqlite_trigger(table, "DELETE", "", word, message)


def _locked_behind(way: str, row: str) -> str:
    scheme = way.format(row=row)
    return f"EXISTS (SELECT 1 FROM emulation_scheme WHERE id = {scheme} AND locked_at IS NOT NULL)"


def _sqlite_locked(table: str, way: str) -> Iterator[str]:
    old, new = _locked_behind(way, "OLD"), _locked_behind(way, "NEW")
    yield from _sqlite_trigger(table, "UPDATE", f"{old} OR {new}", "locked", LOCKED_MESSAGE)
    yield from _sqlite_trigger(table, "DELETE", old, "locked", LOCKED_MESSAGE)
    if table != "emulation_scheme":
        yield from _sqlite_trigger(table, "INSERT", new, "locked", LOCKED_MESSAGE)


def _postgresql_trigger(
    table: str, acts: str, body: str, each: str = "ROW", word: str = "closed"
) -> Iterator[str]:
    name = f"{table}_{word}" if each == "ROW" else f"{table}_{word}_truncate"
    yield (f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield (
        f"CREATE TRIGGER {name} BEFORE {acts} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
    )


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"


_RAISE = _raise(MESSAGE)
_NO_TRUNCATE = (
    "BEGIN IF EXISTS (SELECT 1 FROM emulation_season WHERE closed_at IS NOT NULL)"
    f" THEN {_RAISE} END IF; RETURN NULL; END"
)


def _postgresql(table: str, way: str) -> Iterator[str]:
    # The season's row is locked against its closing, which takes FOR UPDATE: whoever comes
    # second waits, and then sees a season that is closed or a row that is there.
    def check(row: str, unless: str) -> str:
        return (
            f"IF TG_OP <> '{unless}' THEN SELECT closed_at INTO closing FROM emulation_season"
            f" WHERE id = {way.format(row=row)} FOR KEY SHARE;"
            f" IF closing IS NOT NULL THEN {_RAISE} END IF; END IF;"
        )

    acts = "INSERT OR UPDATE OR DELETE"
    body = (
        "DECLARE closing timestamptz; BEGIN "
        f"{check('OLD', 'INSERT')} {check('NEW', 'DELETE')} RETURN COALESCE(NEW, OLD); END"
    )
    if table == "emulation_season":
        acts = "UPDATE OR DELETE"
        body = (
            f"BEGIN IF OLD.closed_at IS NOT NULL THEN {_RAISE} END IF;"
            " RETURN COALESCE(NEW, OLD); END"
        )
    yield from _postgresql_trigger(table, acts, body)
    yield from _postgresql_trigger(table, "TRUNCATE", _NO_TRUNCATE, "STATEMENT")


def _postgresql_referred(table: str, link: str, columns: tuple[str, ...]) -> Iterator[str]:
    acts, check = "UPDATE OR DELETE", f"TG_OP <> 'INSERT' AND {_closed_behind(link, 'OLD')}"
    if table in COMPLETE:
        acts = f"INSERT OR {acts}"
        check = f"{check} OR TG_OP <> 'DELETE' AND {_closed_behind(link, 'NEW')}"
    same = ""
    if changed := _different(columns, "IS DISTINCT FROM"):
        same = f"IF TG_OP = 'UPDATE' AND NOT {changed} THEN RETURN NEW; END IF; "
    body = f"BEGIN {same}IF {check} THEN {_RAISE} END IF; RETURN COALESCE(NEW, OLD); END"
    yield from _postgresql_trigger(table, acts, body)
    yield from _postgresql_trigger(table, "TRUNCATE", _NO_TRUNCATE, "STATEMENT")


def _postgresql_append_only(
    table: str, word: str = "closed", message: str = MESSAGE
) -> Iterator[str]:
    body = f"BEGIN {_raise(message)} END"
    yield from _postgresql_trigger(table, "UPDATE OR DELETE", body, word=word)
    yield from _postgresql_trigger(table, "TRUNCATE", body, "STATEMENT", word)


def _postgresql_locked(table: str, way: str) -> Iterator[str]:
    acts = "UPDATE OR DELETE" if table == "emulation_scheme" else "INSERT OR UPDATE OR DELETE"
    body = (
        f"BEGIN IF TG_OP <> 'INSERT' AND {_locked_behind(way, 'OLD')}"
        f" OR TG_OP <> 'DELETE' AND {_locked_behind(way, 'NEW')}"
        f" THEN {_raise(LOCKED_MESSAGE)} END IF; RETURN COALESCE(NEW, OLD); END"
    )
    yield from _postgresql_trigger(table, acts, body, word="locked")
