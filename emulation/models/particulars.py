"""What an achievement says beyond the facts that all have: one table for each such category."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from emulation.models.achievement import COUNTED, Achievement, Category
from emulation.models.season import Season


class PolicyKind(models.TextChoices):
    DIRECTIVE = "directive", _("Chỉ thị")
    RESOLUTION = "resolution", _("Nghị quyết")
    SCHEME = "scheme", _("Đề án")
    REPORT = "report", _("Báo cáo")
    PLAN = "plan", _("Kế hoạch")
    OTHER = "other", _("Văn bản khác")


class PolicyStatus(models.TextChoices):
    BUILT = "built", _("Đã xây dựng")
    COMPLETED = "completed", _("Hoàn thành")
    ISSUED = "issued", _("Đã ban hành")


class PolicyDocument(models.Model):
    """Particulars of a text that a unit drafted or completed."""

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="policy_document")
    kind = models.CharField(_("loại văn bản"), max_length=12, choices=PolicyKind.choices)
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True)
    issuer = models.CharField(_("cấp ban hành"), max_length=160, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    about = models.CharField(_("trích yếu"), max_length=300)
    status = models.CharField(_("kết quả"), max_length=12, choices=PolicyStatus.choices)

    class Meta:
        verbose_name = _("văn bản, đề án")
        verbose_name_plural = pgettext_lazy("plural", "văn bản, đề án")

    def __str__(self) -> str:
        return self.about


class ParliamentaryService(models.Model):
    """Particulars of service to the National Assembly: term, sessions and kinds of work."""

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="parliament")
    term = models.PositiveSmallIntegerField(_("Quốc hội khóa"))
    sessions = models.CharField(_("các kỳ họp"), max_length=60)
    supervision = models.BooleanField(_("giám sát chuyên đề"), default=False)
    interpellation = models.BooleanField(_("chất vấn, trả lời chất vấn"), default=False)
    petitions = models.PositiveIntegerField(_("số kiến nghị của cử tri"), null=True, blank=True)
    voter_petition = models.BooleanField(_("kiến nghị của cử tri"), default=False)

    class Meta:
        verbose_name = _("phục vụ Quốc hội")
        verbose_name_plural = pgettext_lazy("plural", "phục vụ Quốc hội")
        constraints = [
            models.CheckConstraint(
                condition=Q(term__gte=1, term__lte=99), name="parliament_term_is_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sessions} · {self.term}"


class CommunityKind(models.TextChoices):
    VOLUNTEERING = "volunteering", _("Tình nguyện, chung sức vì cộng đồng")
    LEGAL_OUTREACH = "legal_outreach", _("Tuyên truyền, phổ biến pháp luật")
    GIFT = "gift", _("Thăm hỏi, tặng quà")
    HONOUR_CHILDREN = "honour_children", _("Tuyên dương, động viên các cháu")


COMMUNITY_FIGURES = ("sessions", "participants", "families", "gifts", "value", "pupils")


class CommunityActivity(models.Model):
    """Quantities of an activity for the community; an empty one was not counted."""

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="community")
    kind = models.CharField(_("hoạt động"), max_length=16, choices=CommunityKind.choices)
    sessions = models.PositiveIntegerField(_("số buổi"), null=True, blank=True)
    participants = models.PositiveIntegerField(_("số người dự"), null=True, blank=True)
    families = models.PositiveIntegerField(_("số gia đình"), null=True, blank=True)
    gifts = models.PositiveIntegerField(_("số suất quà"), null=True, blank=True)
    value = models.PositiveBigIntegerField(_("trị giá (đồng)"), null=True, blank=True)
    pupils = models.PositiveIntegerField(_("số cháu"), null=True, blank=True)

    class Meta:
        verbose_name = _("hoạt động vì cộng đồng")
        verbose_name_plural = pgettext_lazy("plural", "hoạt động vì cộng đồng")
        constraints = [
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__lte=10**12), name="community_value_is_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class AdvancedModelQuerySet(models.QuerySet["AdvancedModel"]):
    def cards_for(self, user: User) -> "AdvancedModelQuerySet":
        """The verified ones of every season that the user may see: what they tell is for all."""
        return self.filter(
            achievement__state__in=COUNTED, achievement__season__in=Season.objects.visible_to(user)
        )


class AdvancedModel(models.Model):
    """Điển hình tiên tiến, người tốt việc tốt, mô hình: who or what, and whether replicated."""

    class Kind(models.TextChoices):
        COLLECTIVE = "collective", _("Tập thể điển hình")
        INDIVIDUAL = "individual", _("Cá nhân điển hình")
        GOOD_DEED = "good_deed", _("Gương người tốt, việc tốt")
        PRACTICE = "practice", _("Mô hình mới")

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="advanced_model")
    kind = models.CharField(_("loại điển hình"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("tên tập thể, cá nhân hoặc mô hình"), max_length=200)
    replicated = models.BooleanField(_("đã nhân rộng"), default=False)
    problem = models.TextField(_("vấn đề đặt ra"), blank=True)
    steps = models.TextField(_("cách làm"), blank=True)
    result = models.TextField(_("kết quả, tác dụng"), blank=True)
    contact = models.CharField(_("nơi liên hệ"), max_length=200, blank=True)

    objects = AdvancedModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("điển hình tiên tiến")
        verbose_name_plural = pgettext_lazy("plural", "điển hình tiên tiến")

    def __str__(self) -> str:
        return self.name

    @property
    def is_replicated(self) -> bool:
        """Whether the unit says so or others apply it; fetch the adoptions for a list."""
        return self.replicated or bool(self.adoptions.all())


class Adoption(models.Model):
    """Another unit applies a good practice ("đang áp dụng") since a day."""

    model = models.ForeignKey(AdvancedModel, models.PROTECT, related_name="adoptions")
    season = models.ForeignKey(Season, models.PROTECT, related_name="adoptions")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="adoptions", verbose_name=_("đơn vị")
    )
    since = models.DateField(_("áp dụng từ ngày"))
    note = models.CharField(_("cách áp dụng"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["model", "since", "id"]
        verbose_name = _("đơn vị đang áp dụng")
        verbose_name_plural = pgettext_lazy("plural", "đơn vị đang áp dụng")
        constraints = [
            models.UniqueConstraint(fields=["model", "unit"], name="unit_adopts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.model}"


# Which table holds the particulars of a category; the others have none.
PARTICULARS: dict[str, type[models.Model]] = {
    Category.POLICY_DOCUMENT: PolicyDocument,
    Category.PARLIAMENT: ParliamentaryService,
    Category.COMMUNITY: CommunityActivity,
    Category.ADVANCED_MODEL: AdvancedModel,
}
