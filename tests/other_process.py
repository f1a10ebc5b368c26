"""Code run in a process of its own, on the database of the tests: what a worker does, and how it dies."""

import os
import subprocess
import sys
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection


def in_another_process(code: str, *told: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end, whatever that is; `told` are its arguments."""
    reached = connection.get_connection_params()
    who = ":".join(quote(reached[part]) for part in ("user", "password") if reached.get(part))
    where = urlencode({part: reached[part] for part in ("host", "port") if reached.get(part)})
    env = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{who}@/{reached['dbname']}?{where}",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "MADOGUCHI_SECRET_KEY": "tests-only",
        "PYTHONPATH": str(settings.BASE_DIR),
        "MADOGUCHI_RUN_AS_OWNER": "0",
    }
    return subprocess.run(
        [sys.executable, "-c", code, *told], env=env, capture_output=True, text=True, check=False
    )
