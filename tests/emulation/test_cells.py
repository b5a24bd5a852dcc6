"""A line saved as it is typed, through its one small request; evidence, explanation, recusal."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation.models import Criterion, Proof, Recusal, Score, ScoreSheet, SheetState
from emulation.services import scoring as services
from emulation.services.cells import Entry
from journal.models import Event
from tests import world as w

EMPTY = Entry().token


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(world: w.World, name: str, *more: int) -> str:
    return reverse(name, args=[world.season.slug, world.a.pk, *more])


def key(code: str) -> int:
    return Criterion.objects.get(code=code).pk


def post(client: Client, world: w.World, **values: Any) -> Any:
    data = {"lane": "self", "criterion": key("A1"), "was": EMPTY, "points": "13,75", "note": ""}
    return client.post(address(world, "cell_save"), data | values)


def sent(world: w.World) -> ScoreSheet:
    sheet = w.sheet(world)
    return services.self_score(
        sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=True
    )


def test_a_line_is_saved_and_the_sums_come_back(client: Client, world: w.World) -> None:
    sheet = w.sheet(world)
    client.force_login(world.an)
    answer = post(client, world, note="Ba báo cáo").json()
    assert answer["groups"]["A"] == answer["total"] == "13,75"
    assert (answer["points"], answer["filled"], answer["version"]) == ("13,75", 25, 2)
    assert "rank" not in answer
    row = sheet.scores.get(criterion__code="A1")
    assert (row.self_score, row.self_note) == (Decimal("13.75"), "Ba báo cáo")
    again = post(client, world, points="14", was=answer["was"], note="Ba báo cáo")
    assert again.status_code == 200
    assert Event.objects.filter(verb="sheet.cell").count() == 2


def test_the_secretary_sees_place_and_gap(client: Client, world: w.World) -> None:
    sent(world)
    client.force_login(world.thu)
    answer = post(client, world, lane="verified", points="30").json()
    assert (answer["gap"], answer["rank"], answer["total"]) == (True, "1/1", "30,00")
    told = post(client, world, lane="verified", points="30", note="Muộn", was=answer["was"])
    assert told.json()["gap"] is False


def test_what_somebody_else_saved_is_told(client: Client, world: w.World) -> None:
    sheet = w.sheet(world)
    lines = w.lines(sheet, A1="38")
    services.self_score(sheet=sheet, by=world.anh, version=1, lines=lines, send=False)
    client.force_login(world.an)
    answer = post(client, world)
    assert answer.status_code == 409
    assert "38,00" in answer.json()["text"]
    assert post(client, world, was=answer.json()["was"]).status_code == 200


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"points": "40,5"}, 422),
        ({"points": "1.5"}, 422),
        ({"points": "9" * 400}, 422),
        ({"points": "\x00"}, 422),
        ({"note": "x" * 501}, 422),
        ({"note": "a\x00"}, 422),
        ({"criterion": "x"}, 400),
        ({"criterion": "9" * 40}, 400),
        ({"criterion": "0"}, 400),
        ({"lane": "cross"}, 400),
        ({"lane": "verified"}, 403),
        ({"was": "x" * 40}, 422),
    ],
)
def test_what_a_line_does_not_take_is_refused(
    client: Client, world: w.World, values: dict[str, str], status: int
) -> None:
    w.sheet(world)
    client.force_login(world.an)
    assert post(client, world, **values).status_code == status
    assert not Score.objects.exclude(self_score=None).exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("anh", 200), ("binh", 403), ("thu", 403), ("lan", 403), ("khach", 404)],
)
def test_the_line_is_the_units_alone(client: Client, world: w.World, who: str, status: int) -> None:
    w.sheet(world)
    client.force_login(getattr(world, who))
    assert post(client, world).status_code == status


def test_a_lost_session_is_told_to_the_script(client: Client, world: w.World) -> None:
    assert post(client, world).status_code == 401


def test_one_keystroke_is_small_and_costs_the_same(client: Client, world: w.World) -> None:
    sheet = sent(world)
    client.force_login(world.thu)
    post(client, world, lane="verified", points="1")
    costs = []
    for _turn in range(2):
        Score.objects.update(verified_score=None, verified_note="")
        with CaptureQueriesContext(connection) as queries:
            assert post(client, world, lane="verified", points="2").status_code == 200
        costs.append(len(queries))
        parent = Criterion.objects.get(code="A")
        for number in range(0 if _turn else 60):
            leaf = Criterion.objects.create(
                scheme=parent.scheme, parent=parent, order=50 + number, code=f"Z{number}",
                name="Thêm", kind="QUALITATIVE", max_score=1,
            )  # fmt: skip
            Score.objects.create(sheet=sheet, criterion=leaf, min_score=0, max_score=1)
    assert costs[0] == costs[1]


def test_evidence_is_named_refused_and_shown(client: Client, world: w.World) -> None:
    achievement = w.sent(world, title="Báo cáo quý ba")
    sheet = w.sheet(world)
    where = address(world, "proof_list", key("A1"))
    client.force_login(world.an)
    client.post(where, {"action": "name", "achievement": achievement.pk})
    assert "Báo cáo quý ba" in client.get(address(world, "sheet_self_score")).content.decode()
    services.self_score(
        sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=True
    )
    assert client.get(where).status_code == 403
    client.force_login(world.thu)
    proof = Proof.objects.get()
    text = client.post(where, {"action": "refuse", "proof": proof.pk, "reason": ""})
    assert "cần sửa 1 chỗ" in text.content.decode() or text.status_code == 200
    client.post(where, {"action": "refuse", "proof": proof.pk, "reason": "Không đúng kỳ"})
    assert "Không đúng kỳ" in client.get(address(world, "sheet_appraise")).content.decode()
    client.post(where, {"action": "accept", "proof": proof.pk})
    assert Proof.objects.get().refusal == ""


def test_the_unit_explains_the_first_appraisal(client: Client, world: w.World) -> None:
    sheet = sent(world)
    client.force_login(world.thu)
    data = {"action": "first", "version": sheet.version}
    for row in sheet.scores.select_related("criterion"):
        data[f"points-{row.criterion_id}"] = w.FULL[row.criterion.code].replace("-", "−")
        data[f"note-{row.criterion_id}"] = ""
    data[f"points-{key('A1')}"] = "30"
    where = address(world, "sheet_appraise")
    assert "Nêu lý do: điểm A1" in client.post(where, data).content.decode()
    data[f"note-{key('A1')}"] = "Thiếu số liệu"
    client.post(where, data)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.FIRST
    client.force_login(world.an)
    page = address(world, "sheet_explain")
    text = client.get(page).content.decode()
    assert "Thiếu số liệu" in text
    client.post(page, {"version": sheet.version, f"text-{key('A1')}": "Đã bổ sung"})
    sheet.refresh_from_db()
    assert sheet.state == SheetState.EXPLAINED
    client.force_login(world.thu)
    assert "Đã bổ sung" in client.get(where).content.decode()


def test_taking_over_the_self_score(client: Client, world: w.World) -> None:
    sheet = sent(world)
    client.force_login(world.thu)
    where = address(world, "sheet_appraise")
    client.post(where, {"action": f"take-self-{key('A1')}", "version": sheet.version})
    assert sheet.scores.get(criterion__code="A1").verified_score == 40
    for action in ("take-self-" + "9" * 40, "take-x", "take-self-x", "take-cross"):
        assert client.post(where, {"action": action, "version": "x"}).status_code == 302


def test_a_recusal_closes_the_page(client: Client, world: w.World) -> None:
    sent(world)
    client.force_login(world.thu)
    page = reverse("recusal_list", args=[world.season.slug])
    refused = client.post(page, {"unit": world.a.pk, "relation": "other", "note": ""})
    assert "Nói rõ lý do" in refused.content.decode()
    client.post(page, {"unit": world.a.pk, "relation": "family", "note": "Em gái"})
    assert client.get(address(world, "sheet_appraise")).status_code == 403
    assert "Em gái" in client.get(page).content.decode()
    pk = Recusal.objects.get().pk
    client.post(reverse("recusal_withdraw", args=[world.season.slug, pk]))
    assert client.get(address(world, "sheet_appraise")).status_code == 200
