"""Every address under /api/v1/."""

from django.urls import path, re_path

from madoguchi.web.api import openapi
from madoguchi.web.api.door import api

app_name = "api-pages"
urlpatterns = [
    path("", openapi.front_page, name="front"),
    path("openapi.json", openapi.openapi, name="openapi"),
    path("", api.urls),
    re_path(r"", openapi.nothing_here, name="nothing"),
]
