from django.urls import path

from madoguchi.web.components import views

app_name = "components"
urlpatterns = [
    path("components/", views.gallery, name="gallery"),
    path("components/desk/", views.desk_gallery, name="desk"),
]
