"""OAuth of Tencent Docs: consent, codes, tokens and refresh tokens."""

from urllib.parse import parse_qs, urlsplit

from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up, not_reached
from mockcbs.contract.targets import Answer
from mockcbs.contract.tencent_docs import TencentDocs

_BACK = "http://127.0.0.1/mockcbs-kit"
_STATE = "kit state"


def _must_have_secret(kit: Kit) -> None:
    if not kit.accounts["tencent_docs_secret"]:
        raise NotApplicableError("no client secret is given (MOCKCBS_CONTRACT_TENCENT_DOCS_SECRET)")


def _for_code(docs: TencentDocs, code: str, **changes: str) -> Answer:
    given = {"grant_type": "authorization_code", "redirect_uri": _BACK, "code": code, **changes}
    return docs.token("token", **given)


@checks(
    "tencent_docs.shape.token",
    "tencent_docs.shape.user",
    "tencent_docs.oauth.refresh",
    "tencent_docs.oauth.user",
)
def test_tokens(kit: Kit) -> None:
    """The application gets a token, can read its user, and can refresh the token."""
    _must_have_secret(kit)
    docs = TencentDocs.of(kit)
    token = docs.issued(docs.token("app-account-token"))
    answer = docs.call("GET", "/oauth/v2/userinfo", query=f"access_token={token['access_token']}", auth=False)
    user = docs.good("user", answer)
    kit.expect("tencent_docs.oauth.user", answer, user["openID"], token["user_id"], "openID")
    answer = docs.token("token", grant_type="refresh_token", refresh_token=token["refresh_token"])
    kit.expect("tencent_docs.oauth.refresh", answer, answer.status, 200, "status")
    found = docs.issued(answer)
    kit.expect("tencent_docs.oauth.refresh", answer, found["user_id"], token["user_id"], "user_id")
    with kit.part("tencent_docs.oauth.refresh"):
        answer = docs.call(
            "GET", "/oauth/v2/userinfo", query=f"access_token={found['access_token']}", auth=False
        )
        kit.expect("tencent_docs.oauth.refresh", answer, answer.json.get("ret"), 0, "ret with the next token")


@checks("tencent_docs.oauth.client", "tencent_docs.oauth.grant")
def test_refused_tokens(kit: Kit) -> None:
    """A wrong secret, an unknown code and an unknown grant type are rejected."""
    _must_have_secret(kit)
    docs = TencentDocs.of(kit)
    docs.denied("tencent_docs.oauth.client", docs.token("app-account-token", client_secret=made_up()))
    docs.denied("tencent_docs.oauth.grant", _for_code(docs, made_up()))
    docs.denied("tencent_docs.oauth.grant", docs.token("token", grant_type="password"))


@checks("tencent_docs.oauth.consent", "tencent_docs.oauth.code")
def test_codes(kit: Kit) -> None:
    """Consent redirects the browser with a code and the state; the code can be exchanged once."""
    _must_have_secret(kit)
    docs = TencentDocs.of(kit)
    answer = docs.consent(_BACK, _STATE)
    if answer.status == 200 and "html" in answer.headers.get("Content-Type", ""):
        raise NotApplicableError("a person must consent in a browser")
    target = urlsplit(answer.headers.get("Location", ""))
    back = parse_qs(target.query)
    found = [target._replace(query="").geturl(), back.get("state")]
    kit.expect("tencent_docs.oauth.consent", answer, found, [_BACK, [_STATE]], "address and state")
    if "code" not in back:
        not_reached("the target sent no code")
    docs.issued(_for_code(docs, back["code"][0]))
    answer = _for_code(docs, back["code"][0])
    kit.expect("tencent_docs.oauth.code", answer, answer.status, 401, "status of a used code")
