"""The signing key of a municipality in a PKCS#12 file, as certificate authorities hand it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from madoguchi.clerical.notices.errors import SigningUnavailable

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class SigningFile:
    """Reads the file once, when the first letter is signed, and keeps the key in memory: reading it again for every
    letter would cost more than signing."""

    path: Path
    password: str = field(repr=False, default="")

    @property
    def certificate(self) -> bytes:
        return self._opened[1]

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self._opened[2]

    def sign(self, data: bytes) -> bytes:
        key = self._opened[0]
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(data, ec.ECDSA(hashes.SHA256()))
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def look(self) -> str:
        """What 今日の異常 asks: whether the file can be opened. Raises SigningUnavailable."""
        return f"{self.path.name}（{len(self.chain)}枚の発行者の証明書）"

    @cached_property
    def _opened(self) -> tuple[Key, bytes, tuple[bytes, ...]]:
        try:
            body = self.path.read_bytes()
            key, own, others = pkcs12.load_key_and_certificates(body, self.password.encode() or None)
        except (OSError, ValueError) as error:
            raise _unreadable(self.path, str(error)) from error
        if own is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise _unreadable(self.path, "RSAかECの秘密鍵と、その証明書がそろっていません")
        return key, own.public_bytes(Encoding.DER), tuple(each.public_bytes(Encoding.DER) for each in others)


def _unreadable(path: Path, why: str) -> SigningUnavailable:
    return SigningUnavailable(
        f"電子署名の鍵のファイル「{path.name}」を開けません（{why}）。",
        next_step="情報システム担当に、MADOGUCHI_SIGNING のファイル名とパスワードを確かめてもらってください。",
    )
