"""The yardstick of the bench `submit`: a Django of one view that keeps a JSON in one row, with one commit."""

import json
import os

import dj_database_url
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

TABLE = "CREATE TABLE bare_application (id bigserial PRIMARY KEY, answers jsonb NOT NULL)"
INSERT = "INSERT INTO bare_application (answers) VALUES (%s) RETURNING id"


def insert(request: HttpRequest) -> HttpResponse:
    """No middleware, session, form, rule or template: what Django and one INSERT cost."""
    answers = json.dumps(json.loads(request.body))
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [answers])
        return HttpResponseRedirect(f"/{cursor.fetchone()[0]}/")


urlpatterns = [path("insert/", insert)]

if os.environ.get("DJANGO_SETTINGS_MODULE") == __name__ or not settings.configured:
    settings.configure(
        SECRET_KEY="yardstick-only",  # noqa: S106
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
        USE_TZ=True,
        DATABASES={"default": dj_database_url.config(conn_max_age=None)},
    )
    application = get_wsgi_application()
