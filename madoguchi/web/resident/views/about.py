"""Standing pages: accessibility, privacy."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

PAGES = ("accessibility", "privacy")


def about(request: HttpRequest, page: str) -> HttpResponse:
    if page not in PAGES:
        raise Http404
    return render(request, f"resident/about_{page}.html")
