"""Every address under /api/v1/."""

from django.urls import path, re_path

from madoguchi.web.api import openapi
from madoguchi.web.api.door import api

urlpatterns = [
    path("", openapi.front_page, name="api-front"),
    path("openapi.json", openapi.openapi, name="api-openapi"),
    path("", api.urls),
    re_path(r"", openapi.nothing_here, name="api-nothing"),
]
