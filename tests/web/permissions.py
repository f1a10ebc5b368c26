"""Who may pass each door, written by hand: a URL that is not named here fails, and so does one that opens wider than this.

The views name their powers too; this is the second opinion. One power of those named is enough.
"""

from madoguchi.ledgers.office.roles import Power

EVERYBODY = "everybody"  # on the portal, nothing of anybody stands there
VISITOR = "visitor"  # who has shown an address or a card, about their own things
OWNER = "owner"  # the one whose application, paper or letter it is
KEY = "key"  # another program with a key of this town; no sitting opens it
SIGNING_IN = "signing in"  # the way in and one's own account

CASES = frozenset({Power.SEE_CASES})
REVIEW = frozenset({Power.REVIEW_CASES})
TYPISTS = frozenset({Power.REVIEW_CASES, Power.ENTER_CASES})
PROTECTION = frozenset({Power.MANAGE_PROTECTION})
IMPORT = frozenset({Power.IMPORT_RESIDENTS})
SEARCH = frozenset({Power.SEARCH_RESIDENTS})
LETTERS = frozenset({Power.RELEASE_LETTERS})
PACKAGES = frozenset({Power.MANAGE_PROCEDURES, Power.PUBLISH_PROCEDURES})
DECIDERS = frozenset({Power.APPROVE, Power.ALLOCATE})
MEASURES = frozenset({Power.SEE_MEASURES})
EXPORT = frozenset({Power.EXPORT})
CONTROLS = frozenset({Power.SEE_CONTROLS})
AUDIT = frozenset({Power.AUDIT_CONTROLS})
RETENTION = frozenset({Power.RUN_RETENTION})
RECORDS = frozenset({Power.SEE_CASES, Power.SEE_TRACE, Power.RUN_RETENTION})
STOPPERS = frozenset(
    {Power.REVIEW_CASES, Power.RELEASE_LETTERS, Power.ALLOCATE, Power.EXPORT, Power.IMPORT_RESIDENTS}
)

DESK: dict[str, frozenset[Power]] = {
    "home": frozenset(Power),
    "identity": frozenset({Power.SEE_CASES, Power.MANAGE_PROCEDURES, Power.SEE_TRACE}),
    "identity-people": SEARCH,
    "job": STOPPERS | CASES,
    "job-stop": STOPPERS,
    "job-undo": REVIEW,
    "trace": frozenset({Power.SEE_TRACE, Power.SEE_PAYMENT_TRACE}),
    **dict.fromkeys(["controls", "control-runs", "control-findings", "control-finding"], CONTROLS),
    **dict.fromkeys(["control-subscriptions", "control-unsubscribe"], CONTROLS),
    **dict.fromkeys(["control-evidence", "control-samples", "control-sample", "control-judge"], AUDIT),
    "control-sample-evidence": AUDIT,
    "measures": frozenset({Power.SEE_MEASURES}),
    "postcode": frozenset({Power.ENTER_CASES}),
    "new": frozenset({Power.ENTER_CASES}),
    **dict.fromkeys(
        ["allocation-act", "trials", "trials-act", "trial-compare", "round-seats", "round-seats-act"],
        frozenset({Power.ALLOCATE}),
    ),
    "decide": frozenset({Power.APPROVE}),
    "facts": frozenset({Power.REVIEW_CASES, Power.APPROVE}),
    **dict.fromkeys(["decisions", "draft", "draft-act", "draft-file", "draft-work"], DECIDERS | CASES),
    "allocation": DECIDERS,
    "draft-new": CASES,
    "draft-show": CASES,
    "decide-many": frozenset({Power.APPROVE}),
    "decision-rules": frozenset({Power.MANAGE_ROUTES, Power.APPROVE}),
    "posts": frozenset({Power.SEE_CASES, Power.APPROVE, Power.MANAGE_GRANTS}),
    **dict.fromkeys(["protection", "protection-unit", "held-letters", "held-letter"], PROTECTION),
    **dict.fromkeys(["statistics-list", "statistics", "statistics-public", "statistics-file"], MEASURES),
    **dict.fromkeys(["adoption", "adoption-drafts"], MEASURES),
    **dict.fromkeys(["exports", "export-file", "export-fetch", "export-answer", "export-call-off"], EXPORT),
    **dict.fromkeys(["export-target", "export-new", "export-again", "export-settle", "export-cases"], EXPORT),
    **dict.fromkeys(["case-retention", "retention", "disposal-book", "retention-act"], RETENTION),
    "retention-group": RETENTION,
    **dict.fromkeys(["records", "records-end", "records-book", "case-file", "case-file-act"], RECORDS),
    **dict.fromkeys(["case-file-copy", "disposal-list"], RECORDS),
    **dict.fromkeys(["records-prepare", "disposal-list-act"], RETENTION),
    "records-unfiled": CASES,
    "retention-run": RETENTION | {Power.APPROVE},
    **dict.fromkeys(["troubles", "mend"], frozenset({Power.SEE_TROUBLES})),
    **dict.fromkeys(["keys", "key-revoke"], frozenset({Power.MANAGE_API_KEYS})),
    **dict.fromkeys(["grants", "grant-end"], frozenset({Power.MANAGE_GRANTS})),
    **dict.fromkeys(["residents", "registry-person", "registry-household"], SEARCH),
    **dict.fromkeys(["registry-imports", "registry-import-new", "registry-import"], IMPORT),
    **dict.fromkeys(["registry-differences", "registry-rejections"], IMPORT),
    **dict.fromkeys(["registry-import-apply", "registry-import-discard"], IMPORT),
    **dict.fromkeys(["letters", "release", "send", "letter-pdf"], LETTERS),
    **dict.fromkeys(["export", "cases-export"], frozenset({Power.EXPORT})),
    **dict.fromkeys(["ledger", "bulk", "ledger-settings", "ledger-save-view", "ledger-view"], CASES),
    **dict.fromkeys(["cases", "cases-bulk", "cases-settings", "cases-save-view", "file", "overdue"], CASES),
    **dict.fromkeys(["case", "copied", "comment", "bundle", "document", "case-letter", "messages"], CASES),
    "dry-run": CASES,
    **dict.fromkeys(["correct", "review", "accept", "settle", "assign", "clock", "merge", "unmerge"], REVIEW),
    "look-up": REVIEW,
    "check-controls": REVIEW,
    **dict.fromkeys(["claim", "checklist"], TYPISTS),
    "let-stand": REVIEW | {Power.APPROVE},
    **dict.fromkeys(["payment-examine", "payment-transfer"], frozenset({Power.PAY})),
    **dict.fromkeys(["budgets", "budget", "payments"], frozenset({Power.SEE_PAYMENTS})),
    **dict.fromkeys(["budget-new", "budget-change"], frozenset({Power.MANAGE_BUDGET})),
    "payments-act": REVIEW | {Power.PAY},
    "payment-file": frozenset({Power.PAY}),
    "subsidy": REVIEW | {Power.APPROVE},
    "subsidy-act": REVIEW | {Power.RELEASE_LETTERS},
    **dict.fromkeys(["texts", "version-moves", "case-version", "case-example"], REVIEW),
    **dict.fromkeys(["withdraw", "message-answer", "messages-read"], TYPISTS),
    **dict.fromkeys(["procedures", "procedure-version", "procedure-act", "procedure-letter"], PACKAGES),
}
DESK_ACCOUNT = {
    "login", "logout", "second", "passkey-options", "passkey", "sso", "sso-back", "factors", "passkey-offer", "passkey-add",
    "kept", "stay",
}  # fmt: skip
PORTAL: dict[str, str] = {
    **dict.fromkeys(["top", "aids", "about", "search", "calendar", "calendar-file", "procedure"], EVERYBODY),
    **dict.fromkeys(["verify", "verify-certificates"], EVERYBODY),
    **dict.fromkeys(["prove", "code", "card", "card-back", "leave", "link", "resume-by-code"], SIGNING_IN),
    **dict.fromkeys(["begin", "my"], VISITOR),
    **dict.fromkeys(["resume", "review", "saved", "mandate", "new-code", "overview", "drop", "page"], OWNER),
    **dict.fromkeys(["status", "receipt", "receipt-pdf", "correct", "corrected", "documents"], OWNER),
    **dict.fromkeys(
        ["claim", "withdraw", "survey", "messages", "message-document", "letter", "letter-pdf"], OWNER
    ),
}
API_KEYED = {
    "list_procedures", "get_procedure", "get_schema", "send_application", "list_applications", "send_gif", "list_statuses",
    "get_application", "get_gif", "upload", "add", "listed", "download", "remove",
}  # fmt: skip
API_OPEN = {"api:api-root", "api-pages:front", "api-pages:openapi", "api-pages:nothing"}
PERMISSIONS: dict[str, object] = {
    "components:gallery": EVERYBODY,
    "components:desk": EVERYBODY,
    **{f"desk:{name}": needed for name, needed in DESK.items()},
    **{f"desk:{name}": SIGNING_IN for name in DESK_ACCOUNT},
    **{f"api:{name}": KEY for name in API_KEYED},
    **dict.fromkeys(API_OPEN, EVERYBODY),
    **{f"resident:{name}": who for name, who in PORTAL.items()},
}
