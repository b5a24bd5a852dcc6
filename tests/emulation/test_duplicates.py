"""Where a file or a document serves twice, and who may know."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clusters.models import Role
from emulation.duplicates import repeats
from emulation.ledger import lines
from emulation.models import Achievement, Evidence, Season, State
from emulation.models.evidence import Claim
from emulation.services import evidence as ledger
from tests import world as w


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return w.build()


def put(world, achievement, *, colour="white", by=None, **details):
    file = w.picture(colour)
    return ledger.attach_evidence(
        achievement=achievement, by=by or world.an, name=f"{colour}.png", file=file,
        size=file.getbuffer().nbytes, details=details,
    )  # fmt: skip


def send(achievement):
    """As if it had been sent: only what was sent is anybody's business."""
    Achievement.objects.filter(pk=achievement.pk).update(
        state=State.SUBMITTED, submitted_at=timezone.now(), revision=1
    )
    achievement.refresh_from_db()
    return achievement


def proof(world, *, by=None, colour="white", title="Báo cáo", **details):
    achievement = w.draft(world, by=by, title=title)
    row = put(world, achievement, by=by, colour=colour, **details)
    send(achievement)
    return Evidence.objects.select_related("achievement__season").get(pk=row.pk)


def far(world, row, state=State.SUBMITTED):
    """Copy a row of evidence to an achievement of the other cluster."""
    achievement = Achievement.objects.create(
        season=world.far_season, unit=world.far_season.units()[0], number=1, title="Việc ở xa",
        category="advisory", started_on=w.DAY, state=state, revision=1,
        submitted_at=timezone.now(),
    )  # fmt: skip
    return Evidence.objects.create(
        achievement=achievement, name="xa.png", file=row.file.name, content_type=row.content_type,
        size=row.size, sha256=row.sha256, document_key=row.document_key,
    )  # fmt: skip


def found(user, row):
    achievement = row.achievement
    return repeats(user, achievement, list(achievement.evidence.all())).get(row.pk, [])


class TestWhatRepeats:
    def test_the_same_file_of_another_unit(self, world):
        mine, other = proof(world), proof(world, by=world.binh)
        [repeat] = found(world.thu, mine)
        assert (repeat.other, repeat.is_same_file, repeat.is_visible) == (other, True, True)
        assert not repeat.is_own_unit

    def test_the_same_document_of_another_unit(self, world):
        mine = proof(world, document_number="118/BC-V01")
        other = proof(world, by=world.binh, colour="red", document_number="Số 0118/bc–v01")
        [repeat] = found(world.thu, mine)
        assert (repeat.other, repeat.is_same_file) == (other, False)

    def test_both_are_named_once(self, world):
        mine = proof(world, document_number="118/BC-V01")
        proof(world, by=world.binh, document_number="118/BC-V01")
        [repeat] = found(world.thu, mine)
        assert repeat.is_same_file

    def test_another_claim_of_the_same_achievement(self, world):
        achievement = w.draft(world)
        one = put(world, achievement, document_number="118/BC-V01", claim=Claim.DEED)
        two = put(
            world, achievement, colour="red", document_number="118/BC-V01", claim=Claim.QUANTITY
        )
        page = put(world, achievement, colour="blue", document_number="118/BC-V01", page="2")
        send(achievement)
        known = repeats(world.thu, achievement, [one, two, page])
        assert [repeat.other for repeat in known[one.pk]] == [two]
        assert [repeat.other for repeat in known[two.pk]] == [one, page]
        assert known[one.pk][0].is_same_achievement

    def test_another_year(self, world):
        mine, old = proof(world), proof(world, title="Năm trước")
        last = Season.objects.create(
            cluster=world.season.cluster, scheme=world.season.scheme, year=w.YEAR - 1, slug="cu"
        )
        Achievement.objects.filter(pk=old.achievement_id).update(season=last)
        [repeat] = found(world.thu, mine)
        assert repeat.other.achievement.season == last
        assert repeat.is_own_unit

    def test_a_bare_number_is_no_document(self, world):
        mine = proof(world, document_number="118")
        proof(world, by=world.binh, colour="red", document_number="118")
        assert found(world.thu, mine) == []

    def test_rows_without_a_number_have_nothing_in_common(self, world):
        mine = proof(world)
        proof(world, by=world.binh, colour="red")
        assert found(world.thu, mine) == []


class TestWhoMayKnow:
    @pytest.mark.parametrize("who", ["thu", "lan", "quang"])
    def test_cluster_roles_and_the_administrator(self, world, who):
        mine, other = proof(world), proof(world, by=world.binh)
        assert [r.other for r in found(getattr(world, who), mine)] == [other]

    def test_drafts_of_others_are_nobodys_business(self, world):
        mine, other = proof(world), proof(world, by=world.binh)
        for state in (State.DRAFT, State.WITHDRAWN):
            Achievement.objects.filter(pk=other.achievement_id).update(state=state)
            assert found(world.thu, mine) == []

    def test_units_never_learn_of_others(self, world):
        mine = proof(world, document_number="118/BC-V01")
        proof(world, by=world.binh, document_number="118/BC-V01")
        far(world, mine)
        for who in (world.an, world.anh):
            assert found(who, mine) == []

    def test_units_see_their_own_repeats_drafts_too(self, world):
        mine = proof(world)
        draft = w.draft(world, title="Khác")
        second = put(world, draft)
        [repeat] = found(world.an, mine)
        assert (repeat.other, repeat.is_own_unit, repeat.is_visible) == (second, True, True)

    def test_another_cluster_is_named_without_its_unit(self, world, client: Client):
        mine = proof(world)
        away = far(world, mine)
        [repeat] = found(world.thu, mine)
        assert (repeat.other, repeat.is_visible) == (away, False)
        client.force_login(world.thu)
        slug, number = world.season.slug, mine.achievement.number
        for page in (
            f"/ky/{slug}/thanh-tich/{number}/",
            f"/ky/{slug}/thanh-tich/{number}/ket-luan/",
        ):
            text = client.get(page).content.decode()
            assert "một đơn vị của cụm khác" in text
            assert "xa.png" not in text
            assert "Việc ở xa" not in text
            assert world.far_season.units()[0].name not in text

    def test_a_secretary_of_both_clusters_opens_both(self, world):
        mine = proof(world)
        far(world, mine)
        w.appoint(world.thu, Role.SECRETARY, cluster=world.far_season.cluster)
        world.thu.__dict__.pop("_standing", None)
        assert [repeat.is_visible for repeat in found(world.thu, mine)] == [True]

    def test_a_secretary_of_another_cluster_who_works_in_the_unit_learns_nothing(self, world):
        """A cluster role elsewhere opens nothing here."""
        mine = proof(world)
        proof(world, by=world.binh)
        w.appoint(world.an, Role.SECRETARY, cluster=world.far_season.cluster)
        world.an.__dict__.pop("_standing", None)
        assert found(world.an, mine) == []


class TestPages:
    def test_the_reviewer_is_told_with_a_link(self, world, client: Client):
        mine = proof(world, document_number="118/BC-V01")
        other = proof(world, by=world.binh, colour="red", document_number="118/BC-V01")
        client.force_login(world.thu)
        slug = world.season.slug
        address = f"/ky/{slug}/thanh-tich/{other.achievement.number}/"
        for page in ("", "ket-luan/"):
            here = f"/ky/{slug}/thanh-tich/{mine.achievement.number}/{page}"
            text = client.get(here).content.decode()
            assert "Trùng số văn bản" in text
            assert f'href="{address}"' in text

    def test_the_unit_is_not(self, world, client: Client):
        mine = proof(world)
        proof(world, by=world.binh)
        client.force_login(world.an)
        here = f"/ky/{world.season.slug}/thanh-tich/{mine.achievement.number}/"
        assert "Trùng" not in client.get(here).content.decode()


@pytest.mark.parametrize("who", ["an", "thu", "quang"])
def test_the_ledger_costs_the_same_whatever_its_length(world, who):
    def cost(achievement):
        user = type(world.an).objects.get(username=getattr(world, who).username)
        row = Achievement.objects.select_related("season__cluster", "unit").get(pk=achievement.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert lines(user, row, timezone.now())
        return len(queries)

    short, long = w.draft(world), w.draft(world, title="Nhiều tệp")
    put(world, short, document_number="1/BC-A")
    for number in range(15):
        put(world, long, colour=(number, 0, 0), document_number=f"{number}/BC-B")
    for title in "abcd":
        twin = w.draft(world, by=world.binh, title=title)
        for number in range(10):
            put(world, twin, by=world.binh, colour=(number, 0, 0))
        send(twin)
    one = w.draft(world, by=world.binh, title="Trùng với tệp ngắn")
    put(world, one, by=world.binh, colour="red", document_number="1/BC-A")
    assert cost(send(short)) == cost(send(long)) <= 6
    send(one)
    assert cost(short) == cost(long) <= 6
