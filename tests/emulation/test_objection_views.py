"""The way of an objection through the pages, and who reads what of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from emulation.models import Objection
from tests import world as w
from tests.emulation.test_objection_services import line, world, written

__all__ = ["world"]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def address(name: str, *rest: Any) -> str:
    return reverse(name, args=["gan", *rest])


def test_a_unit_objects_and_everybody_reads_the_answer(world: w.World) -> None:
    client = signed_in(world.an)
    assert address("objection_list") in text(client.get(address("standings")))
    file = w.picture()
    file.name = "moi.png"
    values = {"score": line(world).pk, "text": "Thiếu một việc", "wanted": "35,5", "file": file}
    assert client.post(address("objection_new"), values).status_code == 302
    made = Objection.objects.get()
    evidence = made.files.get()
    download = address("objection_download", made.pk, evidence.pk)
    assert client.get(download)["Content-Disposition"].startswith("attachment")
    sister, secretary = signed_in(world.binh), signed_in(world.thu)
    assert "Thiếu một việc" not in text(sister.get(address("objection_list")))
    assert sister.get(download).status_code == 404
    answer = address("objection_answer", made.pk)
    assert sister.get(answer).status_code == 404
    assert client.get(answer).status_code == 403
    assert "Thiếu một việc" in text(secretary.get(answer))
    values = {"decision": "accepted", "value": "41", "answer": "Đúng"}
    assert secretary.post(answer, values).status_code == 200
    assert secretary.post(answer, values | {"value": "35,5"}).status_code == 302
    assert "30,00 → 35,50" in text(sister.get(address("objection_list")))
    assert sister.get(download).status_code == 200
    assert "Số liệu đã thay đổi" in text(secretary.get(address("standings")))


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang"])
def test_a_foreign_line_cannot_be_objected_to(world: w.World, who: str) -> None:
    client = signed_in(getattr(world, who))
    values = {"score": line(world).pk, "text": "x"}
    assert client.post(address("objection_new"), values).status_code in (200, 403)
    assert not Objection.objects.exists()


def test_the_list_reads_a_fixed_number_of_times(
    world: w.World, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(world.thu)
    written(world)
    client.get(address("objection_list"))
    with django_assert_max_num_queries(60) as first:
        client.get(address("objection_list"))
    for code in ("A2", "D", "E"):
        written(world, score=line(world, code=code))
    with django_assert_num_queries(len(first)):
        client.get(address("objection_list"))
