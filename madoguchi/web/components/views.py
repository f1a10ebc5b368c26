"""The gallery of components: what exists, how it looks, markup to copy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.web.components import field_specimens, icons, specimens, tags, words


def gallery(request: HttpRequest) -> HttpResponse:
    shown = {
        "icons": icons.SHAPES,
        "states": tags.TAGS,
        "fields": field_specimens.FIELDS,
        "filled": field_specimens.filled(words.reader_of(request)),
    }
    return render(request, "components/gallery.html", shown | specimens.gallery())


def desk_gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "components/desk_gallery.html", specimens.desk())
