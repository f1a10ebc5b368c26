"""Settings of the tests: a real PostgreSQL, embedded unless DATABASE_URL names another."""

import os

from config.database import database_settings
from config.embedded_database import start_embedded_database
from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR

DATABASES = {
    "default": database_settings(
        os.environ.get("DATABASE_URL") or start_embedded_database(VAR_DIR / "test-database")
    )
}
SECRET_KEY = "tests-only"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MADOGUCHI_DEMO_IDENTITY = True
ALLOWED_HOSTS = ["*"]
MADOGUCHI_RUN_AS_OWNER = True
MADOGUCHI_SMS = "dry"
MADOGUCHI_SMS_DIR = VAR_DIR / "test-sms"
