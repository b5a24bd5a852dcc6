"""The pledge and the movement of the made-up year: written, settled, signed; three drives."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.utils import timezone

from clusters.models import Unit, User
from emulation import pledges
from emulation.models import Drive, DriveKind, DriveStage, Pledge, Season
from emulation.services import movement, pledge
from reports.sample import cluster_2026 as data
from reports.sample.deeds import day

Act = tuple[datetime, Callable[..., object]]
BASIS = (
    "Luật Thi đua, khen thưởng năm 2022.\n"
    "Phương hướng, nhiệm vụ công tác năm 2026 của Cụm thi đua mẫu.\n"
    "Thống nhất của lãnh đạo 7 đơn vị tại cuộc họp ngày 20/02/2026."
)
MEASURES = (
    "Mỗi đơn vị phát động phong trào trong quý I, gắn với một khẩu hiệu hành động.\n"
    "Sơ kết 6 tháng trong tháng 7, tổng kết trong tháng 11; hai đợt kiểm tra chéo.\n"
    "Chấm điểm theo thang điểm của Cụm; kết quả không có minh chứng không được tính điểm."
)
WITNESS = "Đại diện cơ quan thường trực thi đua (minh họa)"
# Unit F signed late; unit G has not signed: that is left to whoever tries the year.
SIGNED_LATE = {"F": date(2026, 4, 6)}
UNSIGNED = "G"
PEAK, REFORM = "Đợt thi đua chào mừng 81 năm Ngày truyền thống", "Cao điểm số hóa hồ sơ"
# Name → kind, aim, slogan, first day, interim, last day.
DRIVES: dict[str, tuple[str, str, str, str, str, str]] = {
    "Phong trào thi đua “Vì an ninh Tổ quốc”": (
        DriveKind.MOVEMENT,
        "Hoàn thành các chỉ tiêu đã giao ước; mỗi đơn vị có ít nhất một điển hình.",
        "", "02/03", "10/07", "30/11",
    ),
    PEAK: (
        DriveKind.PEAK,
        "Đẩy nhanh việc phục vụ nhân dân và chăm lo gia đình chính sách trước 19/8.",
        "Mỗi ngày một việc tốt vì nhân dân", "01/06", "15/07", "19/08",
    ),
    REFORM: (
        DriveKind.PEAK, "Số hóa hồ sơ, rút ngắn thời gian giải quyết công việc.", "", "15/09", "",
        "15/11",
    ),
}  # fmt: skip
# Deeds of these categories and days were done in a drive.
DEEDS_OF = {
    PEAK: ("community", "mass_organization", "cultured_lifestyle"),
    REFORM: ("reform", "initiative", "policy_document"),
}
RESULTS = {
    "A": "Ban hành kế hoạch ngay trong tuần đầu; hoàn thành các báo cáo tham mưu được giao.",
    "B": "Giữ đúng nghi thức trong các hoạt động đối ngoại; không có sai sót về lễ tân.",
    "C": "Mỗi tháng một chuyên đề pháp luật; mở rộng phổ biến pháp luật ở cơ sở.",
    "D": "Hai đề tài nghiệm thu; kết quả được chuyển giao cho ba đơn vị.",
    "E": "Cấp phát đúng hạn; thăm, tặng quà gia đình chính sách ở địa bàn kết nghĩa.",
    "F": "Tiếp công dân đúng hẹn; cải tiến nơi tiếp công dân.",
    "G": "Tổ chức tuyên truyền tại các phường; nhân rộng một mô hình tự quản.",
}
SO_FAR = {
    "A": "Đã ban hành kế hoạch; một nửa số báo cáo tham mưu đúng hạn.",
    "B": "Đang giữ đúng tiến độ; cần thêm người biết ngoại ngữ hiếm.",
    "C": "Đã tổ chức 4 chuyên đề; còn 2 chuyên đề trong tháng 7.",
    "D": "Một đề tài đã nghiệm thu; đề tài thứ hai chậm một tháng.",
    "E": "Đã cấp phát đợt 1; danh sách gia đình chính sách đã rà soát xong.",
    "F": "Nơi tiếp công dân đã sửa xong; chưa có góp ý nào bị bỏ sót.",
    "G": "Đã tuyên truyền tại 3 phường; mô hình tự quản đang làm thử.",
}
# (drive, stage, letters of the units that reported, day)
REPORTED = (
    ("Phong trào thi đua “Vì an ninh Tổ quốc”", DriveStage.INTERIM, "ABCDEFG", "09/07"),
    (PEAK, DriveStage.INTERIM, "ABCDEF", "14/07"),
    (PEAK, DriveStage.FINAL, "ABCDEF", "21/08"),
    (REFORM, DriveStage.FINAL, "ACE", "14/11"),
)


def acts(season: Season, units: dict[str, Unit], people: dict[str, User]) -> list[Act]:
    """Return how the pledge came about and how the drives went, each act with its hour."""
    by = people["thuky"]
    found: list[Act] = [
        (_hour(date(2026, 2, 23), 9), partial(_write, season, by)),
        (_hour(date(2026, 2, 25), 16), partial(_settle, season, by)),
    ]
    for letter, unit in units.items():
        if letter != UNSIGNED:
            signed = SIGNED_LATE.get(letter, data.SIGNED_ON)
            act = partial(
                _sign, season=season, unit=unit, by=by, who=data.SIGNERS[letter], on=signed
            )
            found.append((_hour(signed, 10), act))
    for turn, name in enumerate(DRIVES):
        add = partial(movement.add_drive, season=season, by=by, values=_values(name))
        found.append((_hour(date(2026, 2, 26), 9, turn * 6), add))
    for name, stage, letters, when in REPORTED:
        texts = SO_FAR if stage == DriveStage.INTERIM else RESULTS
        for turn, letter in enumerate(letters):
            report = partial(
                _report, season, name, unit=units[letter], stage=stage, text=texts[letter],
                by=people[f"nhanvien.{letter.lower()}"],
            )  # fmt: skip
            found.append((_hour(day(when), 14, turn * 7), report))
    return found


def drive_of(season: Season, category: str, on: date) -> Drive | None:
    """Return the drive in which something was done on a day, or None."""
    for name, categories in DEEDS_OF.items():
        first, last = DRIVES[name][3], DRIVES[name][5]
        if category in categories and day(first) <= on <= day(last):
            return season.drives.get(name=name)
    return None


def _hour(on: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(hour, minute)))


def _values(name: str) -> dict[str, Any]:
    kind, aim, slogan, first, interim, last = DRIVES[name]
    return {
        "kind": kind, "name": name, "aim": aim, "slogan": slogan, "starts_on": day(first),
        "interim_on": day(interim) if interim else None, "ends_on": day(last),
    }  # fmt: skip


def _write(season: Season, by: User, at: datetime) -> None:
    values = {
        "basis": BASIS, "content": data.PLEDGE_TEXT, "measures": MEASURES, "witness": WITNESS,
        "signed_on": data.SIGNED_ON, "place": data.PLEDGE_PLACE,
    }  # fmt: skip
    version = Pledge.objects.get(season=season).version
    pledge.write_pledge(season=season, by=by, version=version, values=values, at=at)


def _settle(season: Season, by: User, at: datetime) -> None:
    row = Pledge.objects.get(season=season)
    seen = pledges.fingerprint(row.targets.all())
    pledge.settle_pledge(pledge=row, by=by, version=row.version, seen=seen, at=at)


def _sign(
    *, season: Season, unit: Unit, by: User, who: tuple[str, str, str], on: date, at: datetime
) -> None:
    signer, rank, position = who
    row = Pledge.objects.get(season=season)
    pledge.sign_pledge(
        pledge=row, unit=unit, by=by, signer=signer, rank=rank, position=position, signed_on=on,
        at=at,
    )  # fmt: skip


def _report(
    season: Season, name: str, *, unit: Unit, by: User, stage: DriveStage, text: str, at: datetime
) -> None:
    drive = season.drives.get(name=name)
    movement.report_drive(drive=drive, unit=unit, by=by, stage=stage, version=0, text=text, at=at)
