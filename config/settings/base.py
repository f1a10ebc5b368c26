"""Settings every installation shares; each variable is described in docs/reference/settings.md."""

import os
from datetime import timedelta
from pathlib import Path

from config.database import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("MADOGUCHI_VAR", BASE_DIR / "var"))
PACKAGES_DIR = BASE_DIR / "packages"

SECRET_KEY = os.environ.get("MADOGUCHI_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("MADOGUCHI_HOSTS", "localhost,127.0.0.1,[::1],.localhost").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("MADOGUCHI_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "madoguchi.ledgers.office",
    "madoguchi.ledgers.documents",
    "madoguchi.ledgers.registry",
    "madoguchi.ledgers.procedures",
    "madoguchi.clerical.decisions",
    "madoguchi.clerical.notices",
    "madoguchi.clerical.controls",
    "madoguchi.clerical.records",
    "madoguchi.clerical.payments",
    "madoguchi.services.applications",
    "madoguchi.services.allocation",
    "madoguchi.services.subsidies",
    "madoguchi.services.webhooks",
    "madoguchi.services.subscriptions",
    "madoguchi.improvement.insight",
    "madoguchi.web.components",
    "madoguchi.web.resident",
    "madoguchi.web.desk",
    "madoguchi.web.api",
    "madoguchi.connectors",
]

MIDDLEWARE = [
    "madoguchi.web.probes.Probes",
    "madoguchi.web.headers.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "madoguchi.web.entrance.MunicipalityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "madoguchi.web.desk.sitting.StaffSitting",
    "madoguchi.web.entrance.StaffOnlyOnTheDesk",
    "madoguchi.web.entrance.SightMiddleware",
    "madoguchi.web.entrance.LateTraces",
    "madoguchi.web.limits.RateLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "madoguchi.web.entrance.municipality",
            ],
            "builtins": ["madoguchi.web.components.templatetags.addresses"],
        },
    }
]

AUTH_USER_MODEL = "office.Staff"
AUTHENTICATION_BACKENDS = ["madoguchi.ledgers.office.authentication.StaffBackend"]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:home"
# Sittings of staff end earlier, by the two limits below; the cookie outlives them so that what was typed stays.
SESSION_COOKIE_AGE = 13 * 60 * 60
SESSION_ENGINE = "madoguchi.ledgers.office.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MADOGUCHI_HTTPS = os.environ.get("MADOGUCHI_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MADOGUCHI_HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True

FILE_LIMIT_BYTES = 10 * 1024 * 1024
IMPORT_LIMIT_BYTES = 512 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

MADOGUCHI_RUN_AS_OWNER = os.environ.get("MADOGUCHI_RUN_AS_OWNER") == "1"
MADOGUCHI_CLOCK = os.environ.get("MADOGUCHI_CLOCK", "")
MADOGUCHI_DEFAULT_MUNICIPALITY = os.environ.get("MADOGUCHI_MUNICIPALITY", "999999")
MADOGUCHI_DEMO_IDENTITY = False
MADOGUCHI_DEMO_ACCOUNTS: list[dict[str, str]] = []
MADOGUCHI_MAIL = os.environ.get("MADOGUCHI_MAIL", "dry")
MADOGUCHI_SMTP_URL = os.environ.get("MADOGUCHI_SMTP_URL", "smtp://127.0.0.1:25")
MADOGUCHI_MAIL_DIR = Path(os.environ.get("MADOGUCHI_MAIL_DIR", VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = os.environ.get("MADOGUCHI_MAIL_FROM", "madoguchi@sample-city.example")
MADOGUCHI_PUBLIC_URL = os.environ.get("MADOGUCHI_PUBLIC_URL", "")
MADOGUCHI_RATE_FACTOR = float(os.environ.get("MADOGUCHI_RATE_FACTOR", "1"))
MADOGUCHI_ANTIVIRUS = os.environ.get("MADOGUCHI_ANTIVIRUS", "dry")

MADOGUCHI_STAFF_IDLE_SECONDS = int(os.environ.get("MADOGUCHI_STAFF_IDLE_SECONDS", "600"))
MADOGUCHI_STAFF_LONGEST_SECONDS = int(os.environ.get("MADOGUCHI_STAFF_LONGEST_SECONDS", "43200"))
MADOGUCHI_PROXIES = int(os.environ.get("MADOGUCHI_PROXIES", "0"))
MADOGUCHI_FACTOR_POWERS = frozenset(
    os.environ.get(
        "MADOGUCHI_FACTOR_POWERS",
        "approve,export,see_protected,manage_protection,manage_procedures,manage_grants,manage_api_keys",
    ).split(",")
)
MADOGUCHI_SMALL_CELL = max(2, int(os.environ.get("MADOGUCHI_SMALL_CELL", "5")))
MADOGUCHI_REMIND_AFTER = timedelta(days=max(1, int(os.environ.get("MADOGUCHI_REMIND_DAYS", "3"))))
MADOGUCHI_STAFF_OIDC = os.environ.get("MADOGUCHI_STAFF_OIDC", "")
MADOGUCHI_CITIZEN_OIDC = os.environ.get("MADOGUCHI_CITIZEN_OIDC", "")
MADOGUCHI_SMS = os.environ.get("MADOGUCHI_SMS", "off")
MADOGUCHI_SMS_DIR = Path(os.environ.get("MADOGUCHI_SMS_DIR", VAR_DIR / "sms"))
MADOGUCHI_SMS_URL = os.environ.get("MADOGUCHI_SMS_URL", "")
MADOGUCHI_SMS_SECRET = os.environ.get("MADOGUCHI_SMS_SECRET", "")
MADOGUCHI_SMS_SENDER = os.environ.get("MADOGUCHI_SMS_SENDER", "madoguchi")

ACCOUNT_ADAPTER = "madoguchi.ledgers.office.allauth_adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "madoguchi.ledgers.office.allauth_adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "madoguchi"
MADOGUCHI_WEBHOOK_NETWORKS = [
    network for network in os.environ.get("MADOGUCHI_WEBHOOK_NETWORKS", "").split(",") if network
]
MADOGUCHI_LEAST_FREE_MB = int(os.environ.get("MADOGUCHI_LEAST_FREE_MB", "2048"))
MADOGUCHI_BACKUP_DAYS = int(os.environ.get("MADOGUCHI_BACKUP_DAYS", "8"))
MADOGUCHI_TLS_CERTIFICATE = os.environ.get("MADOGUCHI_TLS_CERTIFICATE", "")
MADOGUCHI_SIGNING = os.environ.get("MADOGUCHI_SIGNING", "off")
MADOGUCHI_SIGNING_DIR = Path(os.environ.get("MADOGUCHI_SIGNING_DIR", VAR_DIR / "signing"))
