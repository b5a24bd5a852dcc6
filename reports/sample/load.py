"""Store the sample once: what is there already is left as people made it."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation

from clusters.models import Appointment, User
from emulation.models import Achievement, Evidence, Season
from journal.models import Head
from journal.services import record
from reports.sample import cluster_2017, cluster_2026, write_2017, write_2026
from reports.sample.accounts import ACCOUNTS, ADMINISTRATOR, PASSWORD, STRANGER, Account

SLUGS = (cluster_2026.SLUG, cluster_2017.SLUG)


def load(*, at: datetime | None = None) -> list[str]:
    """Store the seasons of the sample that are missing, and return their slugs.

    One transaction; files written by one that fails are removed again. The caller decides whether
    sample accounts may exist here.
    """
    if not _missing():
        return []
    kept: list[str] = []
    try:
        with transaction.atomic(), translation.override("vi"):
            Head.objects.select_for_update().get(pk=1)  # a second loader waits, then finds all
            return _store(_missing(), kept, at or timezone.now())
    except BaseException:
        for name in kept:
            default_storage.delete(name)
        raise


def _missing() -> list[str]:
    known = set(Season.objects.filter(slug__in=SLUGS).values_list("slug", flat=True))
    return [slug for slug in SLUGS if slug not in known]


def _store(slugs: list[str], kept: list[str], at: datetime) -> list[str]:
    """Write the seasons; `kept` takes the names of the files as they are stored."""
    people = _people()
    for slug in slugs:
        season = write_2026.write() if slug == cluster_2026.SLUG else write_2017.write()
        for account in ACCOUNTS:
            _appoint(account, people[account.username], season)
        if slug == cluster_2026.SLUG:
            _play(season, people, kept)
        record(verb="sample.load", subject=season, by=None, at=at)
    return slugs


def _people() -> dict[str, User]:
    """Return the users of the sample by name; those that exist keep their password."""
    secret = make_password(PASSWORD)
    people: dict[str, User] = {}
    for account in ACCOUNTS:
        is_administrator = account.role == ADMINISTRATOR
        people[account.username], _is_new = User.objects.get_or_create(
            username=account.username,
            defaults={
                "full_name": account.full_name,
                "rank": account.rank,
                "position": account.position,
                "password": secret,
                "is_sample": True,
                "is_staff": is_administrator,
                "is_superuser": is_administrator,
            },
        )
    return people


def _appoint(account: Account, user: User, season: Season) -> None:
    """Give a user the role that the account has in this season's cluster or units."""
    if account.role in (ADMINISTRATOR, STRANGER):
        return
    is_unit_role = account.role in ("unit_staff", "unit_leader")
    unit = season.units().filter(code=account.unit).first()
    if not (unit if is_unit_role else season.slug in account.clusters):
        return
    Appointment.objects.create(
        user=user,
        role=account.role,
        unit=unit,
        cluster=None if is_unit_role else season.cluster,
        start=date(season.year - 1, 12, 1),
    )


def _play(season: Season, people: dict[str, User], kept: list[str]) -> None:
    """Run every act of the made-up year in the order of its hour."""
    # pikepdf and fontTools take a quarter of a second: not for a start that finds all loaded.
    from reports.sample.stories import tell  # noqa: PLC0415

    units = dict(zip(cluster_2026.UNITS, season.units(), strict=True))
    stories = tell(season, units, people, kept)
    acts = write_2026.acts(season, units, people)
    acts += [act for story in stories for act in story.acts()]
    for hour, act in sorted(acts, key=lambda pair: pair[0]):
        act(at=hour)
    # These two would otherwise say when the sample was loaded.
    rows = [story.dated_row() for story in stories]
    Achievement.objects.bulk_update(rows, ["created_at", "lateness"])
    Evidence.objects.bulk_update([f for s in stories for f in s.files], ["uploaded_at"])
