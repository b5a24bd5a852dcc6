"""How a document in the making looks to whoever waits for it. Pure: no queries, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emulation.tags import Tag
from reports.models import Document, DocumentState

# A queue that works takes a message within a second.
PATIENCE = timedelta(seconds=5)
# The work of `reports.tasks` in the words of the page, each from its percentage on.
STEPS = (
    (0, gettext_lazy("Tổng hợp số liệu")),
    (5, gettext_lazy("Soạn nội dung")),
    (15, gettext_lazy("Dàn trang")),
    (85, gettext_lazy("Ghi tệp PDF")),
    (90, gettext_lazy("Gắn nhãn theo PDF/A và PDF/UA, đính kèm số liệu")),
    (99, gettext_lazy("Lưu tệp và mã kiểm tra")),
)
_TAGS = {
    DocumentState.QUEUED: ("run", ""),
    DocumentState.RUNNING: ("run", ""),
    DocumentState.READY: ("ok", "check2"),
    DocumentState.FAILED: ("do", "exclamation-triangle"),
}


@dataclass(frozen=True)
class Step:
    """A step of the work: its place, its words, and "done", "now" or ""."""

    number: int
    text: str
    state: str


@dataclass(frozen=True)
class Watch:
    """A document at the moment when somebody looks."""

    document: Document
    at: datetime

    @property
    def now(self) -> int:
        """Return the number of the step that runs, 0 while the document waits."""
        if self.document.state != DocumentState.RUNNING:
            return 0
        return sum(percent <= self.document.percent for percent, _text in STEPS)

    @property
    def steps(self) -> list[Step]:
        """Return all steps as the page lists them."""
        return [
            Step(i, str(text), "done" if i < self.now else "now" if i == self.now else "")
            for i, (_percent, text) in enumerate(STEPS, 1)
        ]

    @property
    def words(self) -> str:
        """Return what happens now, in a few words."""
        if not self.now:
            return _("Đang chờ tới lượt")
        return _("Bước %(n)s/%(all)s: %(text)s") % {
            "n": self.now,
            "all": len(STEPS),
            "text": STEPS[self.now - 1][1],
        }

    @property
    def is_kept(self) -> bool:
        """Tell whether the queue did not take the request, or nobody takes it from there."""
        waits = self.document.state == DocumentState.QUEUED
        sent = self.document.sent_at
        return waits and (sent is None or self.at - sent > PATIENCE)


def document_tag(state: str, *, may_act: bool) -> Tag:
    """Return the tag of a document; what failed asks something only of those who may act."""
    family, icon = _TAGS[DocumentState(state)]
    word = str(DocumentState(state).label)
    return Tag(word, family if may_act or family != "do" else "off", icon)
