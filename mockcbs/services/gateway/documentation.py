"""Additions to the OpenAPI documents of the services behind the gateway."""

from marshmallow import Schema, fields

from mockcbs.services.documentation import key


class GatewayFailure(Schema):
    """The body of an error of the gateway."""

    error_msg = fields.String(required=True)
    error_code = fields.String(required=True)
    request_id = fields.String(required=True)


SECURITY = (
    {"HuaweiToken": key("X-Auth-Token", "A token of IAM: X-Subject-Token of POST /v3/auth/tokens.")},
    {"HuaweiSignature": key("Authorization", "SDK-HMAC-SHA256, made with an access key by an SDK.")},
)
