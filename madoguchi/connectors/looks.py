"""A cheap call to each outside system, for 今日の異常: nothing is sent, nothing is changed."""

from typing import Any

from madoguchi.clerical.notices import ports as notices
from madoguchi.ledgers.office import ports as office
from madoguchi.ledgers.office.scanning import Finding, scanned
from madoguchi.ledgers.office.watching import CannotMend, probe
from madoguchi.ledgers.registry import ports as registry

NOT_USED = "使っていません"


def asked(connector: Any) -> str:
    """What the connector says of itself; one that has no way to be asked is taken to be well."""
    look = getattr(connector, "look", None)
    return str(look()) if look else NOT_USED


@probe("mail", "メールサーバー")
def mail(code: str) -> str:  # noqa: ARG001
    return asked(notices.mail())


@probe("sms", "SMS")
def texts(code: str) -> str:  # noqa: ARG001
    return asked(registry.texts() if registry.texts_can_be_sent() else None)


@probe("oidc-staff", "職員の認証基盤")
def staff_identity(code: str) -> str:
    return asked(office.provider_of("staff", code))


@probe("oidc-citizen", "住民の認証基盤")
def citizen_identity(code: str) -> str:
    return asked(office.provider_of("citizen", code))


@probe("antivirus", "ウイルス検査")
def antivirus(code: str) -> str:  # noqa: ARG001
    """The scanner is asked about nothing at all; files wait unopened while it is away."""
    verdict = scanned(b"")
    if verdict.finding == Finding.UNAVAILABLE:
        raise CannotMend(
            "ウイルス検査が答えません。受け取った書類は、検査が済むまで開けません。",
            "clamd が動いているか、MADOGUCHI_ANTIVIRUS の設定を確かめてください。",
        )
    return str(verdict.finding)


@probe("signing", "電子署名の鍵")
def signing(code: str) -> str:
    return asked(notices.signing_key(code))
