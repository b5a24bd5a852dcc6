from allauth.account.views import LogoutView
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from clusters import views

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="account_login"),
    path("dang-xuat/", login_not_required(LogoutView.as_view()), name="account_logout"),
    path("doi-mat-khau/", views.change_password, name="account_change_password"),
    path("tai-khoan/", views.account, name="account"),
]
