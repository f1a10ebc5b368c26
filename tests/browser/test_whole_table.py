"""Comes last: every page of the URL table has been looked at by somebody above."""

from collections.abc import Callable

import pytest

from tests.browser.eyes import Eyes
from tests.site import Site
from tests.web.doors import patterns
from tests.web.test_faults import unreachable

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
# What is no page of its own: a press, a redirect, a file, an answer to a script.
NO_PAGE = {
    "desk:retention-act", "desk:mend", "desk:draft-act", "desk:draft-file", "desk:draft-work",
    "desk:records-prepare", "desk:case-file-act", "desk:disposal-list-act", "desk:case-file-copy",
    "desk:logout", "desk:job-stop", "desk:postcode", "desk:decide", "desk:letter-pdf", "desk:review", "desk:accept",
    "desk:cases-bulk", "desk:cases-save-view", "desk:ledger-save-view", "desk:ledger-view", "desk:job-undo", "desk:file",
    "desk:settle", "desk:assign", "desk:withdraw", "desk:case-letter", "desk:bulk", "desk:allocation-act", "desk:trials-act",
    "desk:round-seats-act",
    "desk:registry-import-apply", "desk:registry-import-discard",
    "desk:passkey-options", "desk:passkey", "desk:sso", "desk:sso-back", "desk:passkey-offer", "desk:passkey-add",
    "desk:kept", "desk:stay", "resident:card", "resident:card-back",
    "desk:procedure-act", "desk:procedure-letter", "desk:case-version",
    "desk:comment", "desk:clock", "desk:facts", "desk:unmerge",
    "desk:message-answer", "desk:messages-read", "resident:message-document", "resident:receipt-pdf",
    "resident:calendar-file", "resident:verify-certificates",
    "desk:export-fetch", "desk:export-answer", "desk:export-call-off", "desk:export-again", "desk:export-settle",
    "desk:statistics-file",
    "desk:grant-end", "desk:copied", "desk:held-letter",
    "resident:aids", "resident:begin", "resident:leave", "resident:resume", "resident:survey", "resident:letter-pdf",
    "resident:new-code", "resident:mandate",
    "desk:control-evidence", "desk:control-unsubscribe", "desk:control-judge", "desk:control-sample-evidence",
    "desk:budget-change", "desk:subsidy-act", "desk:payments-act", "desk:payment-file", "desk:claim", "desk:check-controls",
    "desk:look-up", "desk:checklist", "desk:let-stand", "desk:payment-examine", "desk:payment-transfer",
    "desk:key-revoke", "api-pages:openapi", "api-pages:nothing",
}  # fmt: skip


def test_every_page_has_been_looked_at(been: set[str]) -> None:
    """A new page fails here until a story or a list visits it. Only meaningful when all stories have run."""
    if not {"desk:measures", "resident:receipt"} <= been:
        pytest.skip("runs with the whole folder")
    # What stands under api: answers other systems; tests/web/api looks at each.
    pages = {name for name, _, _ in patterns() if not name.startswith("api:")}
    assert pages - NO_PAGE - been == set()


def test_the_page_without_a_database_is_as_clear_as_the_others(
    site: Site, window: Callable[..., Eyes]
) -> None:
    eyes = window()
    with unreachable(site):
        answer = eyes.page.goto(site.address)
        assert answer is not None
        assert answer.status == 503
        eyes.look("without-database")
    eyes.go("/")
