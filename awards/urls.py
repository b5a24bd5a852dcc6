from django.urls import path

from awards.views import conference, nomination

urlpatterns = [
    path("hoi-nghi/", conference.conference, name="conference"),
    path("hoi-nghi/ghi/", conference.conference_edit, name="conference_edit"),
    path("hoi-nghi/y-kien/", conference.remark_add, name="remark_add"),
    path("hoi-nghi/ket-luan/", conference.conference_conclude, name="conference_conclude"),
    path("de-nghi/", nomination.nomination_list, name="nomination_list"),
    path("de-nghi/moi/", nomination.nomination_new, name="nomination_new"),
    path("de-nghi/<int:pk>/rut/", nomination.nomination_withdraw, name="nomination_withdraw"),
]
