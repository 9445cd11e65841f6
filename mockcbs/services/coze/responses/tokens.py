"""Tokens and device codes (contract 2.2.2)."""

from marshmallow import fields, validate

from mockcbs.services.coze.responses.fields import Part, Whole, identifier, seconds


class DeviceCode(Part):
    """A device code with its lifetime in seconds."""

    device_code = identifier()
    user_code = identifier()
    verification_uri = identifier()
    expires_in = Whole(
        required=True, validate=validate.Range(1, 86_400, error="is not a duration in seconds")
    )
    interval = Whole()


class Consent(Part):
    """The page after consent to a device."""

    msg = fields.String(required=True)


class Tokens(Part):
    """Tokens with the absolute time of their expiry."""

    access_token = identifier()
    expires_in = seconds(required=True)
    refresh_token = fields.String()
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"))
