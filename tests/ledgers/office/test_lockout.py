"""How long one waits, and the numbers of the authenticator app after RFC 6238."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.office.factors import matching_period
from madoguchi.ledgers.office.lockout import (
    ACCOUNT,
    ADDRESS,
    LONGEST_ACCOUNT_WAIT,
    LONGEST_ADDRESS_WAIT,
    failures_still_counted,
    key_of,
    wait_after,
)
from madoguchi.ledgers.office.strongbox import open_sealed, seal

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
# RFC 6238 appendix B, SHA-1, the last six of the eight digits printed there.
RFC_VECTORS = {
    59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924",
    2000000000: "279037", 20000000000: "353130",
}  # fmt: skip


@pytest.mark.parametrize(("moment", "code"), RFC_VECTORS.items())
def test_the_numbers_of_rfc_6238(moment: int, code: str) -> None:
    assert matching_period(RFC_SECRET, code, moment) == moment // 30


@pytest.mark.parametrize(("aside", "found"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_slow_clock_is_forgiven_by_one_period(aside: int, found: bool) -> None:
    assert (matching_period(RFC_SECRET, "005924", 1234567890 + aside) is not None) is found


@pytest.mark.parametrize("code", ["", "00592", "0059240", "０05924", "abcdef"])
def test_what_is_no_number_of_the_app(code: str) -> None:
    assert matching_period(RFC_SECRET, code, 1234567890) is None


def test_the_wait_grows_from_the_fifth_failure() -> None:
    waits = [wait_after(ACCOUNT, failures).total_seconds() / 60 for failures in range(13)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert wait_after(ADDRESS, 49) == timedelta(0)
    assert wait_after(ADDRESS, 50) == timedelta(minutes=1)


@given(st.sampled_from([ACCOUNT, ADDRESS]), st.integers(0, 10_000_000))
def test_more_failures_never_mean_less_waiting(kind: str, failures: int) -> None:
    longest = LONGEST_ADDRESS_WAIT if kind == ADDRESS else LONGEST_ACCOUNT_WAIT
    assert wait_after(kind, failures) <= wait_after(kind, failures + 1) <= longest


def test_failures_of_yesterday_are_forgotten(now: datetime) -> None:
    assert failures_still_counted(7, now - timedelta(hours=23), now) == 7
    assert failures_still_counted(7, now - timedelta(hours=25), now) == 0
    assert failures_still_counted(7, None, now) == 0


def test_keys_tell_neither_login_nor_town() -> None:
    assert key_of("s", "account", "a") != key_of("t", "account", "a")
    assert key_of("s", "ab", "c") != key_of("s", "a", "bc")


def test_what_was_sealed_opens_only_here(settings: Any) -> None:
    sealed = seal("鍵")
    assert "鍵" not in sealed
    assert open_sealed(sealed) == "鍵"
    settings.SECRET_KEY = "another installation"
    with pytest.raises(ValueError, match="sealed"):
        open_sealed(sealed)
