"""What is typed is kept while it is typed: an endpoint for the script, and what a page needs.

A view of a form asks `typing(request, season)` once, gives its `data` to the form and itself to
the template as `autosave`, and calls `saved()` when the form was stored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clusters.forms import Unsaved
from clusters.models import User
from emulation.models import Autosave, Season
from emulation.services import autosave as services
from emulation.views.request import UserRequest
from emulation.views.season import get_season

LARGEST = 300_000
LONGEST_KEY = 200
MOST_FIELDS = 2000
# What the script adds to a form when it is sent: which page, and how many writings of it.
WINDOW, COUNT = "_window", "_count"


def clock(moment: datetime) -> str:
    """Return the hour of a moment, with its day unless that is today: "14:05"."""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localdate()
    return local.strftime("%H:%M" if is_today else "%H:%M, %d/%m/%Y")


def told(row: Autosave) -> str:
    """Say what somebody else does with the same form."""
    values = {"name": row.user.full_name, "time": clock(row.saved_at)}
    if row.is_unsaved:
        return _("%(name)s đang sửa bản này, tự lưu lúc %(time)s.") % values
    return _("%(name)s đã lưu bản này lúc %(time)s, sau khi trang này được mở.") % values


@dataclass(frozen=True)
class Typing:
    """One form in the hands of one user: what is typed there, and who else is at it."""

    request: UserRequest
    season: Season
    key: str
    row: Autosave | None
    others: list[str]
    opened: datetime
    # Another key under which this text may have been kept, before its row had an address.
    also: str = ""
    # The page answers a POST whose text was stored all the same.
    is_stored: bool = False

    @property
    def is_restored(self) -> bool:
        """Whether the page shows what was typed and not saved."""
        return self.request.method != "POST" and self.row is not None and self.row.is_unsaved

    @property
    def time(self) -> str:
        return clock(self.row.saved_at) if self.row else ""

    @property
    def data(self) -> QueryDict | None:
        """What the form is bound to: what was posted, else what was typed and not saved."""
        if self.request.method == "POST":
            return self.request.POST
        return as_data(self.row.fields) if self.row and self.row.is_unsaved else None

    @property
    def attributes(self) -> SafeString:
        """What the script reads, as attributes of the form's tag."""
        is_posted = self.request.method == "POST" and not self.is_stored
        state = "unsaved" if self.row and self.row.is_unsaved else "done" if self.row else "new"
        return flatatt(
            {
                # A browser must not put old text back in the script's way.
                "autocomplete": "off",
                "data-autosave": self.key,
                "data-autosave-also": self.also,
                "data-autosave-url": reverse("autosave", args=[self.season.slug]),
                "data-autosave-version": str(self.row.version if self.row else 0),
                "data-autosave-window": self.row.window if self.row else "",
                # What was posted and refused stands in this page alone.
                "data-autosave-time": self.time,
                "data-autosave-state": "refused" if is_posted else state,
                "data-autosave-opened": f"{self.opened.timestamp():.3f}",
            }
        )

    def saved(self) -> None:
        """Wipe what was kept: the form is stored."""
        posted = self.request.POST
        count = posted.get(COUNT, "")
        for key in filter(None, (self.key, self.also)):
            services.wipe(
                season=self.season, by=self.request.user, key=key,
                window=posted.get(WINDOW, "").replace("\0", "")[:40],
                version=int(count) if count.isascii() and count.isdigit() and len(count) < 9 else 0,
            )  # fmt: skip

    def refused(self, **more: str) -> None:
        """Keep what was posted and refused, so that it outlives the page; not if it is secret.

        `more` are fields that the page holds otherwise than they were posted.
        """
        posted = {
            name: [str(text) for text in texts]
            for name, texts in self.request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "then", WINDOW, COUNT)
        }
        if sum(len(text) for texts in posted.values() for text in texts) > LARGEST:
            return
        try:
            services.keep(
                season=self.season, by=self.request.user, key=self.key, window="",
                version=self.row.version + 1 if self.row else 1,
                fields=posted | {name: [text] for name, text in more.items()},
            )  # fmt: skip
        except (ValidationError, PermissionDenied):
            return


def as_data(fields: Mapping[str, list[str]]) -> Unsaved:
    """Return kept fields as what a form can be bound to."""
    data = Unsaved(mutable=True)
    for name, texts in fields.items():
        data.setlist(name, texts)
    return data


def typing(
    request: UserRequest,
    season: Season,
    *,
    path: str = "",
    name: str = "",
    new: object = "",
    also: str = "",
) -> Typing:
    """Return what stands in a form of this user.

    The address of the form is its key: that of the page, unless `path` says another; `name`
    tells two forms of one page apart. A form of a new row passes the key of that row as `new`,
    and finds what was last typed there; the form of the stored row passes that key as `also`.
    """
    key, at = f"{path or request.path}{name}"[:LONGEST_KEY], timezone.now()
    if also and request.method != "POST":
        services.move(by=request.user, key=also, to=key)
    row = None
    if new and request.method != "POST":
        row = services.of_form(request.user, f"{key}#")
    if new:
        key = row.key if row else f"{key}#{new}"[:LONGEST_KEY]
    row = row or services.of_form(request.user, key)
    others = services.others_at(season, request.user, key, at, at)
    return Typing(request, season, key, row, [told(other) for other in others], at, also)


@dataclass(frozen=True)
class Left:
    """A text that was left behind: where it goes on, its first words, since when."""

    url: str
    words: str
    time: str


def left_behind(request: UserRequest, season: Season, here: str = "") -> list[Left]:
    """Return what the user typed into other forms of the season and never saved."""
    rows = services.unsaved_of(request.user, season)
    found = {row.key.partition("#")[0]: row for row in reversed(rows)}
    return [
        Left(url, _first_words(row.fields), clock(row.saved_at))
        for url, row in reversed(found.items())
        if url != here
    ]


def _first_words(fields: Mapping[str, list[str]]) -> str:
    """Return the beginning of the first text of a form that a person typed."""
    texts = (fields.get(name, [""])[0] for name in ("title", "name", "slogan", "text", *fields))
    typed = (text.strip() for text in texts)
    words = next((text for text in typed if " " in text), "")
    return Truncator(words).chars(80) or _("(chưa đặt tên)")


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, slug: str) -> JsonResponse:
    """Keep what the script sends; tell it on GET who is signed in, with a fresh token."""
    if not isinstance(request.user, User):
        return JsonResponse({"error": "login"}, status=401)
    season = get_season(request, slug)
    if request.method != "POST":
        return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})
    try:
        sent = _read(request.body, request.path.removesuffix("tu-luu/"))
    except RequestDataTooBig:
        return JsonResponse({"error": "too_long"}, status=413)
    except (ValueError, RecursionError):
        return JsonResponse({"error": "broken"}, status=400)
    if sent["user"] != str(request.user.pk):
        return JsonResponse({"error": "login"}, status=401)
    return _keep(season, request.user, sent)


def _read(body: bytes, prefix: str) -> dict[str, Any]:
    """Return what the script sent, or raise ValueError where it has another shape."""
    if len(body) > LARGEST:
        raise RequestDataTooBig
    sent = json.loads(body)
    if not isinstance(sent, dict):
        raise ValueError("an object is expected")
    key, fields, version = sent.get("key"), sent.get("fields"), sent.get("version")
    window, opened = sent.get("window"), sent.get("opened", 0)
    is_key = isinstance(key, str) and key.startswith(prefix) and len(key) <= LONGEST_KEY
    is_clean = str(key).isascii() and "\0" not in f"{key}{window}"
    is_version = type(version) is int and 0 < version < 2**31
    is_window = isinstance(window, str) and 0 < len(window) <= 40 and window.isascii()
    is_opened = isinstance(opened, int | float) and 0 <= opened < 2**33
    if not (is_key and is_clean and is_version and is_window and is_opened):
        raise ValueError("not what the script sends")
    if not _are_fields(fields):
        raise ValueError("no fields of a form")
    moment = datetime.fromtimestamp(opened, UTC) if opened else timezone.now()
    return {
        "user": sent.get("user"), "key": key, "window": window, "version": version,
        "fields": fields, "opened": moment,
    }  # fmt: skip


def _are_fields(fields: Any) -> bool:
    if not isinstance(fields, dict) or not 0 < len(fields) <= MOST_FIELDS:
        return False
    return all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        for texts in fields.values()
    )


def _keep(season: Season, user: User, sent: dict[str, Any]) -> JsonResponse:
    at = timezone.now()
    given = {name: sent[name] for name in ("key", "window", "version", "fields")}
    try:
        row = services.keep(season=season, by=user, at=at, **given)
    except PermissionDenied:
        return JsonResponse({"error": "closed", "text": _("Kỳ đã chốt.")}, status=422)
    except ValidationError as error:
        if error.code != "stale":
            return JsonResponse({"error": error.code, "text": error.messages[0]}, status=422)
        return _stale(user, sent["key"])
    is_kept = (row.window, row.version) == (sent["window"], sent["version"])
    others = services.others_at(season, user, sent["key"], sent["opened"], at)
    return JsonResponse(
        {
            "kept": is_kept,
            "version": row.version,
            "done": not row.is_unsaved,
            "time": clock(row.saved_at),
            "others": [told(other) for other in others],
        }
    )


def _stale(user: User, key: str) -> JsonResponse:
    """Tell the script which text of the same person lies there, who saved it and when."""
    row = services.of_form(user, key)
    assert row is not None
    told_of = {
        "error": "stale", "version": row.version, "done": not row.is_unsaved,
        "fields": row.fields, "by": user.full_name, "time": clock(row.saved_at),
    }  # fmt: skip
    return JsonResponse(told_of, status=409)


@require_POST
def autosave_discard(request: UserRequest, slug: str) -> HttpResponse:
    """Throw away what was typed into a form and not saved, and open the form anew."""
    get_season(request, slug)
    key = request.POST.get("key", "")
    services.discard(by=request.user, key=key.replace("\0", ""))
    page = key.partition("#")[0]
    if not page.startswith("/ky/") or not url_has_allowed_host_and_scheme(page, None):
        return redirect("season_home", slug)
    return redirect(page)
