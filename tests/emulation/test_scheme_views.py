"""The pages of a scheme: what everybody reads, what the secretary does."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation import scheme_a, scheme_b
from emulation.models import Criterion, Scheme, Season
from emulation.services import scheme as services
from tests import world as w

REASON = "Hội nghị cụm thống nhất điều chỉnh"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def page(client: Client, world: w.World, name: str, *args: object) -> str:
    return client.get(reverse(name, args=[world.season.slug, *args])).content.decode()


def fresh(world: w.World) -> Season:
    return Season.objects.select_related("cluster", "scheme").get(pk=world.season.pk)


def test_the_secretary_takes_a_scheme_and_everybody_reads_it(
    client: Client, world: w.World
) -> None:
    client.force_login(world.thu)
    assert "Dùng thang 1000 điểm" in page(client, world, "scheme_list")
    answer = client.post(reverse("scheme_take", args=["gan", scheme_a.CODE]), follow=True)
    assert "157 tiêu chí, 1.000,00 điểm" in answer.content.decode()
    client.force_login(world.an)
    found = fresh(world).scheme
    assert found
    text = page(client, world, "scheme_detail", found.pk)
    assert "I.2.a. Điều tra, xử lý" in text
    assert "Điều 28, Luật Thi đua, khen thưởng số 06/2022/QH15" in text
    assert "(1) điểm nhóm I cao hơn; (2) ít điểm trừ hơn" in text
    assert "Lập phiên bản mới" not in text


def test_a_new_version_is_made_and_chosen_with_a_reason_all_can_read(
    client: Client, world: w.World
) -> None:
    client.force_login(world.thu)
    w.sheet(world)
    old = world.season.scheme_id
    address = reverse("scheme_version", args=["gan", old])
    assert (
        "Nêu lý do, ít nhất 10 ký tự" in client.post(address, {"reason": "ngắn"}).content.decode()
    )
    client.post(address, {"reason": REASON})
    made = Scheme.objects.get(cluster=world.season.cluster)
    Scheme.objects.filter(pk=made.pk).update(ceiling=70)
    address = reverse("scheme_choose", args=["gan", made.pk])
    assert "Nhập lý do" in client.post(address, {"reason": ""}).content.decode()
    client.post(address, {"reason": REASON})
    assert fresh(world).scheme == made
    client.force_login(world.binh)
    assert page(client, world, "scheme_list").count(REASON) == 2


def test_what_cannot_be_chosen_says_why(client: Client, world: w.World) -> None:
    old = fresh(world).scheme
    assert old
    made = services.new_version(season=fresh(world), scheme=old, by=world.thu, reason=REASON)
    client.force_login(world.thu)
    answer = client.post(reverse("scheme_choose", args=["gan", made.pk]))
    assert "Tổng tối đa từ 60 (điểm các nhóm) đến 70" in answer.content.decode()


def test_a_scheme_of_another_cluster_is_not_shown(client: Client, world: w.World) -> None:
    theirs = services.take(season=world.far_season, shipped=scheme_b.CODE, by=world.far_secretary)
    client.force_login(world.thu)
    for name in ("scheme_detail", "scheme_version", "scheme_choose"):
        assert client.get(reverse(name, args=["gan", theirs.pk])).status_code == 404


def test_a_longer_scheme_asks_no_more_questions(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    found = fresh(world).scheme
    assert found
    page(client, world, "scheme_detail", found.pk)
    with CaptureQueriesContext(connection) as few:
        page(client, world, "scheme_detail", found.pk)
    group = found.criteria.get(code="A")
    Criterion.objects.bulk_create(
        Criterion(
            scheme=found, parent=group, order=10 + n, code=f"A{10 + n}", name="Thêm",
            kind="QUALITATIVE", max_score=1,
        )
        for n in range(60)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page(client, world, "scheme_detail", found.pk)
    assert len(many) == len(few)
