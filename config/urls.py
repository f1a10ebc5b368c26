"""Every face of madoguchi and where it stands."""

from django.urls import include, path

urlpatterns = [
    path("", include("madoguchi.web.components.urls")),
    path("api/v1/", include("madoguchi.web.api.urls")),
    path("desk/", include("madoguchi.web.desk.urls")),
    path("", include("madoguchi.web.resident.urls")),
]

# Also asked when middleware breaks, which needs the database before any view does.
handler500 = "madoguchi.web.outage.page"
handler400 = "madoguchi.web.outage.unfit"
