"""Additions to the OpenAPI document of Tencent Docs and WeCom."""

from marshmallow import Schema, fields

from mockcbs.services.documentation import Documentation, Examples, key


class Failure(Schema):
    """The body of an error of Tencent Docs."""

    ret = fields.Integer(required=True, metadata={"description": "Not 0."})
    msg = fields.String(required=True)


class OAuthFailure(Schema):
    """The body of an error of the token endpoints."""

    error = fields.String(required=True)
    error_description = fields.String(required=True)


class WeComFailure(Schema):
    """The body of an error of WeCom."""

    errcode = fields.Integer(required=True, metadata={"description": "Not 0."})
    errmsg = fields.String(required=True)


def _examples(now: int) -> Examples:
    del now
    return {
        "client_id": "mockcbs-docs",
        "client_secret": "mockcbs-docs-secret",
        "corpid": "mockcbs-docs",
        "corpsecret": "mockcbs-docs-secret",
        "redirect_uri": "https://example.com/back",
        "response_type": "code",
        "grant_type": "authorization_code",
        "access_token": "any-token",
        "code": "a-code",
        "file_id": "DReports0001",
        "docid": "DReports0001",
        "sheet_id": "Sheet1",
    }


DOCUMENTATION = Documentation(
    {"tencent_docs": Failure, "tencent_docs oauth": OAuthFailure, "wecom": WeComFailure},
    (
        {
            "DocsToken": key("Access-Token", "A token of /oauth/v2/token or /oauth/v2/app-account-token."),
            "DocsClient": key("Client-Id", "The client that the token is for."),
            "DocsUser": key("Open-Id", "The user that the token is for."),
        },
        {"WeComToken": key("access_token", "WeCom: a token of /cgi-bin/gettoken.", "query")},
    ),
    _examples,
    outcomes={"ret": 0, "msg": "Succeed", "errcode": 0, "errmsg": "ok"},
    bodies={
        "use_sheet": {"getRecords": {"offset": 0, "limit": 100}},
        "add_wecom_records": {
            "docid": "DReports0001",
            "sheet_id": "Sheet1",
            "records": [{"values": {"duration_ms": 812}}],
        },
    },
)
