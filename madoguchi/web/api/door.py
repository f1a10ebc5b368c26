"""Who may come in by the API: the key says which section and what; the rest is the same as for everybody."""

from ninja import NinjaAPI
from ninja.security import HttpBearer

from madoguchi.ledgers.office import keys
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.errors import ScopeMissing
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.web.api.problems import Problem, answer_problems

ABOUT = """手続の案内、申請の受付と状況、書類、知らせ（Webhook）。鍵は「Authorization: Bearer 鍵」で送ります。
鍵は課ごとに作り、その課の申請だけを扱えます。誤りは RFC 9457（application/problem+json）で、項目・理由・直し方を返します。"""
REFUSALS = frozenset({400, 401, 403, 404, 409, 413, 422, 429, 503})


class ApiKey(HttpBearer):
    """A key with one scope; every failure of the key itself is answered alike."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request, token: str):
        key = keys.key_of(token, at=now())
        if self.scope not in key.scopes:
            raise ScopeMissing(self.scope.label)
        return key


def needs(scope: Scope) -> dict:
    """What every operation behind this scope is declared with."""
    return {"auth": ApiKey(scope), "openapi_extra": {"x-scope": scope.value}, "by_alias": True}


def told(status: int, schema) -> dict:
    """The answers of an operation: the good one, and problems."""
    return {status: schema, REFUSALS: Problem}


api = NinjaAPI(
    title="madoguchi 窓口 API",
    version="1",
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
answer_problems(api)
