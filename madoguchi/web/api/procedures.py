"""手続: what one can apply for, with the questions of its form."""

from ninja import Router

from madoguchi.ledgers.office.clock import today
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.ledgers.procedures import queries
from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.procedures.form_schema import choices_of, form_schema
from madoguchi.ledgers.procedures.package import Package
from madoguchi.web.api.door import needs, told
from madoguchi.web.api.schemas import (
    FieldOut,
    IdentityOut,
    OptionOut,
    PageOut,
    PeriodOut,
    ProcedureDetail,
    ProcedureOut,
    Procedures,
)

router = Router(tags=["手続"])
READ = needs(Scope.PROCEDURES_READ)
INTERNAL = "staff"


def public_package(slug: str) -> queries.LoadedPackage:
    """The version in use, unless it is the office's own ledger. Raises NoSuchProcedure."""
    loaded = queries.live_package(slug)
    if loaded.package.audience == INTERNAL:
        raise NoSuchProcedure(
            "この手続は見つかりません。", next_step="/procedures の一覧から選んでください。"
        )
    return loaded


@router.get("/procedures", response=told(200, Procedures), operation_id="listProcedures", **READ)
def list_procedures(request):
    """手続の一覧。"""
    packages = [each.package for each in queries.live_procedures() if each.package.audience != INTERNAL]
    return Procedures(items=[ProcedureOut(**summary(package)) for package in packages])


@router.get(
    "/procedures/{slug:slug}", response=told(200, ProcedureDetail), operation_id="getProcedure", **READ
)
def get_procedure(request, slug: str):
    """手続と、様式の質問。"""
    package = public_package(slug).package
    pages = [
        PageOut(
            key=page.key,
            title=page.title.ja,
            fields=[question(package, field) for field in page.fields if field.type != "explanation"],
        )
        for page in package.form.pages
    ]
    return ProcedureDetail(**summary(package), pages=pages)


@router.get(
    "/procedures/{slug:slug}/schema", response=told(200, dict), operation_id="getProcedureSchema", **READ
)
def get_schema(request, slug: str):
    """申請の answers の形（JSON Schema 2020-12）。"""
    return form_schema(public_package(slug).package)


def summary(package: Package) -> dict:
    on = today()
    return {
        "slug": package.slug,
        "version": package.version,
        "name": package.names.ja,
        "summary": package.summary.ja,
        "contact": package.contact.ja,
        "fee": package.fee.ja,
        "channels": list(package.channels),
        "standard_days": package.standard_days,
        "required_identity": IdentityOut(
            ial=package.required_identity.ial, aal=package.required_identity.aal
        ),
        "periods": [
            PeriodOut(
                code=each.code,
                label=each.label.ja,
                opens=each.opens,
                closes=each.closes,
                entry_on=each.entry_on,
                is_open=each.is_open(on),
            )
            for each in package.periods
        ],
    }


def question(package: Package, field: Field) -> FieldOut:
    options = choices_of(field, package.facilities) if field.type in ("choice", "ranked") else ()
    return FieldOut(
        key=field.key,
        type=field.type,
        label=field.label.ja,
        help=field.help.ja,
        required=field.required if isinstance(field.required, bool) else "sometimes",
        options=[OptionOut(value=each.value, label=each.label.ja) for each in options],
        columns=[question(package, column) for column in field.columns],
    )
