"""Requests of the IAM operations (contract section 4)."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema


class Lenient(Schema):
    """A schema that ignores unknown members."""

    class Meta:
        """The options of marshmallow."""

        unknown = EXCLUDE


class ScopeTarget(Lenient):
    """A project or an account, by id or by name."""

    id = fields.String()
    name = fields.String()

    @validates_schema(skip_on_field_errors=True)
    def _one_given(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("id") and not data.get("name"):
            raise ValidationError("give an id or a name")


class Scope(Lenient):
    """The scope of a token."""

    project = fields.Nested(ScopeTarget)
    domain = fields.Nested(ScopeTarget)


class Domain(Lenient):
    """An account."""

    name = fields.String(required=True)


class User(Lenient):
    """A user and the password."""

    name = fields.String(required=True)
    password = fields.String(required=True)
    domain = fields.Nested(Domain, required=True)


class Password(Lenient):
    """The password method."""

    user = fields.Nested(User, required=True)


class Identity(Lenient):
    """The methods of authentication, and the data of the password method."""

    methods = fields.List(
        fields.String(),
        required=True,
        validate=[
            validate.Length(equal=1, error='methods must be exactly ["password"]'),
            validate.ContainsOnly(["password"], error='methods must be exactly ["password"]'),
        ],
    )
    password = fields.Nested(Password, required=True)


class Auth(Lenient):
    """Identity and scope."""

    identity = fields.Nested(Identity, required=True)
    scope = fields.Nested(Scope, load_default={})


class TokenRequest(Lenient):
    """Body of ``POST /v3/auth/tokens``."""

    auth = fields.Nested(Auth, required=True)


class TokenQuery(Lenient):
    """Query of ``POST /v3/auth/tokens``."""

    nocatalog = fields.String(load_default="")


class ProjectsQuery(Lenient):
    """Filters of ``GET /v3/projects``."""

    name = fields.String()
    domain_id = fields.String()
    parent_id = fields.String()
    enabled = fields.Boolean()
    is_domain = fields.Boolean()
    page = fields.Integer(load_default=1, validate=validate.Range(1))
    per_page = fields.Integer(load_default=5000, validate=validate.Range(1, 5000))
