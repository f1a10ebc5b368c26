"""A real OpenID provider for tests, in a process of its own: Authlib's server (our client is PyJWT and httpx).

Discovery, authorization code with PKCE (S256 required) and nonce, single-use codes, RS256 tokens, JWKS with
rotation, userinfo by scope. `python -m tests.oidc_provider PORT`; people and key rotation by the /test/ addresses,
which stand for what an operator of the provider does.
"""

import sys
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "madoguchi", "nobody-knows-this-secret"
SCOPES = {"openid", "name", "address", "birthdate", "gender", "profile"}
CLAIMS = {"name": "name", "address": "address", "birthdate": "birthdate", "gender": "gender"}


@dataclass
class Client(ClientMixin):
    redirect_uris: set[str] = field(default_factory=set)

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(each for each in scope.split() if each in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_post"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    redirect_uri: str
    scope: str
    user: dict[str, Any]
    nonce: str
    code_challenge: str
    code_challenge_method: str
    made_at: float = field(default_factory=time.time)

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(self.made_at)

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Token(TokenMixin):
    user: dict[str, Any]
    scope: str
    expires_at: float

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return time.time() > self.expires_at

    def is_revoked(self) -> bool:
        return False


@dataclass
class Held:
    """Everything the provider knows; it forgets all of it when it ends."""

    client: Client = field(default_factory=Client)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=list)
    person: dict[str, Any] = field(default_factory=dict)

    def rotate(self) -> None:
        number = len(self.keys) + 1
        key = RSAKey.generate_key(2048, parameters={"kid": f"key-{number}", "alg": "RS256", "use": "sig"})
        self.keys = [key, *self.keys][:2]


held = Held()
app = Flask(__name__)
server = AuthorizationServer()
protected = ResourceProtector()


def claims_for(user: dict[str, Any], scope: str) -> dict[str, Any]:
    wanted = {claim for each, claim in CLAIMS.items() if each in scope.split()}
    if "profile" in scope.split():
        wanted |= {"preferred_username", "name"}
    return {"sub": user["sub"]} | {claim: user[claim] for claim in wanted if claim in user}


class Codes(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        held.codes[code] = Code(
            code,
            request.payload.redirect_uri,
            request.payload.scope,
            request.user,
            asked.get("nonce", ""),
            asked.get("code_challenge", ""),
            asked.get("code_challenge_method", ""),
        )

    def query_authorization_code(self, code: str, client: Any) -> Code | None:
        return held.codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        held.codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: Code) -> dict[str, Any]:
        return authorization_code.user


class Identities(OpenIDCode):
    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return any(code.nonce == nonce for code in held.codes.values())

    def get_jwt_config(self, grant: Any, client: Any = None) -> dict[str, Any]:
        key = held.keys[0]
        return {"key": key, "alg": "RS256", "iss": issuer(), "exp": 300, "kid": key.kid}

    def resolve_client_private_key(self, client: Any) -> RSAKey:
        return held.keys[0]

    def get_client_algorithm(self, client: Any) -> str:
        return "RS256"

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": issuer()}

    def generate_user_info(self, user: dict[str, Any], scope: str) -> UserInfo:
        return UserInfo(claims_for(user, scope))


class Tokens(BearerTokenValidator):
    def authenticate_token(self, token_string: str) -> Token | None:
        return held.tokens.get(token_string)


def issuer() -> str:
    return request.host_url.rstrip("/")


def save_token(token: dict[str, Any], asked: Any) -> None:
    held.tokens[token["access_token"]] = Token(asked.user, token["scope"], time.time() + 300)


@app.get("/.well-known/openid-configuration")
def configuration() -> Response:
    here = issuer()
    return jsonify(
        issuer=here,
        authorization_endpoint=f"{here}/authorize",
        token_endpoint=f"{here}/token",
        userinfo_endpoint=f"{here}/userinfo",
        jwks_uri=f"{here}/jwks",
        response_types_supported=["code"],
        scopes_supported=sorted(SCOPES),
        subject_types_supported=["pairwise"],
        id_token_signing_alg_values_supported=["RS256"],
        code_challenge_methods_supported=["S256"],
    )


@app.get("/jwks")
def jwks() -> Response:
    return jsonify(KeySet(held.keys).as_dict(private=False))


@app.get("/authorize")
def authorize() -> Any:
    """The person has a card and a PIN and agrees at once."""
    grant = server.get_consent_grant(end_user=held.person)
    return server.create_authorization_response(grant=grant, grant_user=held.person)


@app.post("/token")
def token() -> Any:
    return server.create_token_response()


@app.get("/userinfo")
@protected("openid")
def userinfo() -> Response:
    return jsonify(claims_for(current_token.user, current_token.scope))


@app.post("/test/person")
def set_person() -> Response:
    told = request.get_json()
    held.person = told["person"]
    held.client.redirect_uris |= set(told.get("redirect_uris", []))
    return jsonify(ok=True)


@app.post("/test/rotate")
def rotate() -> Response:
    held.rotate()
    return jsonify(ok=True)


def prepare() -> Flask:
    held.rotate()
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = False
    server.init_app(
        app, query_client=lambda name: held.client if name == CLIENT else None, save_token=save_token
    )
    server.register_grant(Codes, [Identities(require_nonce=True), CodeChallenge(required=True)])
    protected.register_token_validator(Tokens())
    return app


if __name__ == "__main__":
    import os

    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # on this machine only, for tests
    prepare().run(port=int(sys.argv[1]), threaded=True)
