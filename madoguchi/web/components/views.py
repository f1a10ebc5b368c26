"""The gallery of components: what exists, how it looks, markup to copy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.web.components import icons, specimens


def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "components/gallery.html", {"icons": icons.SHAPES, **specimens.gallery()})


def desk_gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "components/desk_gallery.html", specimens.desk())
