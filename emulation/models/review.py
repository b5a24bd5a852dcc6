"""What the secretariat says of an achievement, what was sent each time, and the talk about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import User
from emulation.models.achievement import Achievement


class Review(models.Model):
    """What the secretariat said of one revision of an achievement."""

    class Decision(models.TextChoices):
        VERIFIED = "verified", _("Công nhận")
        RETURNED = "returned", _("Trả lại bổ sung")
        REJECTED = "rejected", _("Không công nhận")

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="reviews")
    revision = models.PositiveIntegerField(_("bản sửa"))
    decision = models.CharField(_("kết luận"), max_length=8, choices=Decision.choices)
    reason = models.TextField(_("lý do"), blank=True)
    deadline = models.DateField(_("hạn bổ sung"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("kết luận thẩm định")
        verbose_name_plural = pgettext_lazy("plural", "kết luận thẩm định")
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "revision"], name="one_review_a_revision"
            ),
            models.CheckConstraint(
                condition=Q(decision="verified") | ~Q(reason=""), name="refusal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()


class ReviewNote(models.Model):
    """What is to be completed in one field; only the fields with a note reopen.

    `field` is a name of `facts.FIELDS`, a column of the particulars, or "files".
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="notes")
    field = models.CharField(_("phần"), max_length=40)
    text = models.CharField(_("cần bổ sung"), max_length=500)

    class Meta:
        ordering = ["review", "id"]
        verbose_name = _("ý kiến tại từng phần")
        verbose_name_plural = pgettext_lazy("plural", "ý kiến tại từng phần")
        constraints = [
            models.UniqueConstraint(fields=["review", "field"], name="one_note_a_field"),
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class Revision(models.Model):
    """What an achievement said when it was sent: a copy that later changes leave alone.

    `content` is {"facts": {name: text}, "particulars": {name: text}, "files": [[name, sha256]]},
    with texts as a reader sees them.
    """

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("bản sửa"))
    content = models.JSONField(_("nội dung"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("gửi lúc"))

    class Meta:
        ordering = ["achievement", "-number"]
        verbose_name = _("bản đã gửi")
        verbose_name_plural = pgettext_lazy("plural", "bản đã gửi")
        constraints = [
            models.UniqueConstraint(fields=["achievement", "number"], name="revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement.code} ({self.number})"


class Message(models.Model):
    """One message of the thread between a unit and the secretariat about an achievement."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="messages")
    text = models.TextField(_("nội dung trao đổi"), max_length=2000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["achievement", "at", "id"]
        verbose_name = _("trao đổi")
        verbose_name_plural = pgettext_lazy("plural", "trao đổi")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
