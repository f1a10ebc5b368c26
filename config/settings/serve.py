"""Settings of a running installation, and of the demo when MADOGUCHI_DEMO is set."""

import os

from config.secret import secret_key
from config.settings.base import *  # noqa: F403
from config.settings.base import SECRET_KEY, VAR_DIR
from demo.accounts import staff_accounts

SECRET_KEY = SECRET_KEY or secret_key(VAR_DIR)
MADOGUCHI_DEMO_IDENTITY = os.environ.get("MADOGUCHI_DEMO") == "1"
MADOGUCHI_DEMO_ACCOUNTS = staff_accounts() if MADOGUCHI_DEMO_IDENTITY else []
MADOGUCHI_SIGNING = os.environ.get("MADOGUCHI_SIGNING", "dry" if MADOGUCHI_DEMO_IDENTITY else "off")
MADOGUCHI_SMS = os.environ.get("MADOGUCHI_SMS", "dry" if MADOGUCHI_DEMO_IDENTITY else "off")
