"""Addresses of the home room."""

from django.urls import path

from portal.home.views.my_work import my_work

app_name = "home"
urlpatterns = [path("my/", my_work, name="my-work")]
