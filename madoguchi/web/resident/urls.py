from django.urls import path

from madoguchi.web.resident.views import aids

app_name = "resident"
urlpatterns = [
    path("aids/", aids.set_aid, name="aids"),
]
