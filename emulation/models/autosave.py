"""What somebody is typing and has not saved: raw, so that not one character needs to be right."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import User
from emulation.models.season import Season


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def unsaved(self) -> Self:
        """Those whose form was not saved since."""
        return self.exclude(fields={})


class Autosave(models.Model):
    """The fields of one form as one person left them, {name: [texts]}.

    Scratch paper: the journal does not tell of it, and saving the form wipes it. The wiped row
    stays for some days: it tells the browser that what it kept has arrived, tells a second editor
    who saved, and lets nothing that was still under way write the old text anew.
    """

    season = models.ForeignKey(Season, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="autosaves")
    # The address of the form; a form of a new row adds # and the key of that row.
    key = models.CharField(max_length=200)
    fields = models.JSONField()
    # Which opened page wrote last, and its how-manieth writing it was.
    window = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField()
    saved_at = models.DateTimeField(_("tự lưu lúc"))

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-id"]
        verbose_name = _("nội dung đang nhập")
        verbose_name_plural = pgettext_lazy("plural", "nội dung đang nhập")
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_autosave_a_form"),
        ]
        indexes = [models.Index(fields=["key", "saved_at"], name="autosave_of_a_form")]

    def __str__(self) -> str:
        return self.key

    @property
    def is_unsaved(self) -> bool:
        """Whether it holds something: the form was not saved since."""
        return bool(self.fields)
