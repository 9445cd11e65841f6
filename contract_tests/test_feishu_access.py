"""Feishu: tokens, and the rules of every response."""

import json

from mockcbs.contract.feishu import TOKEN_PATH, Feishu
from mockcbs.contract.kit import Kit, checks
from mockcbs.contract.table_http import must_not_trust


@checks("feishu.shape.token", "feishu.token.same", "feishu.token.bare", "feishu.token.secret")
def test_tokens(kit: Kit) -> None:
    """An app gets a token with its id and secret."""
    feishu, ours = Feishu.of(kit), kit.accounts
    body = {"app_id": ours["feishu_app_id"], "app_secret": ours["feishu_app_secret"]}
    first = feishu.call("POST", TOKEN_PATH, body)
    token = feishu.good("token", first)
    again = feishu.good("token", feishu.call("POST", TOKEN_PATH, body))
    with kit.part():
        kit.mask.add(str(token["tenant_access_token"]), "****")
        same = again["tenant_access_token"] == token["tenant_access_token"] or token["expire"] < 1800
        kit.expect("feishu.token.same", first, bool(same), True, "the same token")
    for path, headers in ((TOKEN_PATH, {"Content-Type": None}), (f"{TOKEN_PATH}/", {})):
        answer = feishu.call("POST", path, body, headers=headers)
        kit.expect("feishu.token.bare", answer, answer.json.get("code"), 0, "code")
    if kit.local:
        wrong = {**body, "app_secret": "wrong"}
        feishu.refused("feishu.token.secret", feishu.call("POST", TOKEN_PATH, wrong), 10014)
    missing = feishu.call("POST", TOKEN_PATH, {"app_id": body["app_id"]})
    feishu.refused("feishu.token.secret", missing, 10003)


@checks("feishu.auth.missing", "feishu.auth.first", "feishu.auth.unknown-path")
def test_no_token(kit: Kit) -> None:
    """Every operation requires a token, which is checked first."""
    feishu = Feishu.of(kit)
    for path in (f"{feishu.base}/tables", "/open-apis/im/v1/chats"):
        answer = feishu.call("GET", path, auth=False)
        feishu.refused("feishu.auth.missing", answer, 99991661, 400)
        headers = {"Authorization": f"Basic {json.dumps('x')}"}
        answer = feishu.call("GET", path, auth=False, headers=headers)
        feishu.refused("feishu.auth.missing", answer, 99991661, 400)
    answer = feishu.call("GET", f"{feishu.base}/tables", query="page_size=never", auth=False)
    feishu.refused("feishu.auth.first", answer, 99991661, 400)
    answer = kit.call("feishu", "POST", f"{feishu.base}/tables", body=b"{", auth=False)
    feishu.refused("feishu.auth.first", answer, 99991661, 400)
    unknown = feishu.call("GET", "/open-apis/no/such/path")
    kit.expect("feishu.auth.unknown-path", unknown, unknown.status, 404, "status")


@checks("feishu.auth.bad-token", "feishu.auth.user-token")
def test_bad_tokens(kit: Kit) -> None:
    """An invalid token is rejected."""
    feishu = Feishu.of(kit)
    must_not_trust(kit.heard[-1][2], refused=not feishu.trusting)
    for clause, token, code in (
        ("feishu.auth.bad-token", "t-g1044ghJRUIJJ5ZPPZMOHKWZISL33E4QSS3abcef", 99991663),
        ("feishu.auth.user-token", "u-g1044ghJRUIJJ5ZPPZMOHKWZISL33E4QSS3abcef", 99991668),
    ):
        headers = {"Authorization": f"Bearer {token}"}
        answer = feishu.call("GET", f"{feishu.base}/tables", auth=False, headers=headers)
        feishu.refused(clause, answer, code, 400)


@checks(
    "feishu.http.answered",
    "feishu.http.json",
    "feishu.http.logid",
    "feishu.http.code",
    "feishu.http.success",
    "feishu.http.failure",
    "feishu.shape.success",
    "feishu.shape.once",
    "feishu.shape.written",
    "feishu.shape.base",
    "feishu.shape.tables",
    "feishu.shape.chats",
    "feishu.bases.unknown",
)
def test_reads(kit: Kit) -> None:
    """Reads return the documented shape.

    The clauses about every response are checked on all other requests, too.
    """
    feishu = Feishu.of(kit)
    feishu.good("base", feishu.call("GET", feishu.base))
    feishu.good("tables", feishu.call("GET", f"{feishu.base}/tables"))
    feishu.good("chats", feishu.call("GET", "/open-apis/im/v1/chats"))
    must_not_trust(kit.heard[-1][2], refused=not feishu.trusting)
    unknown = "/open-apis/bitable/v1/apps/bascnNobodyHasThisBase00000"
    feishu.refused("feishu.bases.unknown", feishu.call("GET", f"{unknown}/tables"), 1254040)
    answer = feishu.call("GET", f"{feishu.base}/tables/tblNobodyHasThis00/fields")
    feishu.refused("feishu.bases.unknown", answer, 1254041)
