"""The installation's own secret, made once and kept beside its data."""

import secrets
from pathlib import Path


def secret_key(var_dir: Path) -> str:
    """The key in `var/secret-key`; made on first use, readable only by the owner."""
    file = var_dir / "secret-key"
    if not file.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return file.read_text(encoding="utf-8")
