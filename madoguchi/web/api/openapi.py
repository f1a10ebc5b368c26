"""The OpenAPI document, and a plain page that says where it is; both open, both without any script."""

from functools import cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from madoguchi.web.api import applications, documents, procedures, webhooks
from madoguchi.web.api.door import api
from madoguchi.web.api.problems import MEDIA_TYPE, not_found

for part in (procedures, applications, documents, webhooks):
    api.add_router("", part.router)


@cache
def document() -> dict:
    """The document of the types, with problems under their own media type."""
    told = api.get_openapi_schema(path_prefix="api/v1/")
    for operation in (each for path in told["paths"].values() for each in path.values()):
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and "content" in answer:
                answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
    return dict(told)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "says": each.get("description", ""),
            "scope": each["x-scope"],
        }
        for path, methods in document()["paths"].items()
        for method, each in methods.items()
    ]
    return render(request, "api/front.html", {"operations": operations})


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    return not_found()
