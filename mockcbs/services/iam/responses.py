"""Responses of IAM (contract section 4), for documents only; views do not use them."""

from marshmallow import Schema, fields


class NamedDomain(Schema):
    """An account."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class Endpoint(Schema):
    """The address of a service."""

    id = fields.String(required=True)
    interface = fields.String(required=True)
    region = fields.String(required=True)
    region_id = fields.String(required=True)
    url = fields.String(required=True)


class CatalogEntry(Schema):
    """A service of the catalog."""

    endpoints = fields.List(fields.Nested(Endpoint), required=True)
    id = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)


class Role(Schema):
    """A role of the user."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class ScopedProject(NamedDomain):
    """The project that a token is valid for."""

    domain = fields.Nested(NamedDomain, required=True)


class TokenUser(Schema):
    """The user of a token."""

    domain = fields.Nested(NamedDomain, required=True)
    id = fields.String(required=True)
    name = fields.String(required=True)
    password_expires_at = fields.String(required=True)


class Token(Schema):
    """The content of a token."""

    catalog = fields.List(fields.Nested(CatalogEntry), required=True)
    expires_at = fields.String(required=True)
    issued_at = fields.String(required=True)
    methods = fields.List(fields.String(), required=True)
    project = fields.Nested(ScopedProject)
    domain = fields.Nested(NamedDomain)
    roles = fields.List(fields.Nested(Role), required=True)
    user = fields.Nested(TokenUser, required=True)


class TokenAnswer(Schema):
    """A token; its text is in the header X-Subject-Token."""

    token = fields.Nested(Token, required=True)


class Links(Schema):
    """The URLs of a list and of its neighbours."""

    next = fields.String(required=True, allow_none=True)
    previous = fields.String(required=True, allow_none=True)
    self = fields.String(required=True)


class SelfLink(Schema):
    """The URL of an object."""

    self = fields.String(required=True)


class Project(Schema):
    """A project."""

    description = fields.String(required=True)
    domain_id = fields.String(required=True)
    enabled = fields.Boolean(required=True)
    id = fields.String(required=True)
    is_domain = fields.Boolean(required=True)
    links = fields.Nested(Links, required=True)
    name = fields.String(required=True)
    parent_id = fields.String(required=True)


class Projects(Schema):
    """The projects of the account."""

    links = fields.Nested(Links, required=True)
    projects = fields.List(fields.Nested(Project), required=True)


class Account(Schema):
    """The account of the caller."""

    description = fields.String(required=True)
    enabled = fields.Boolean(required=True)
    id = fields.String(required=True)
    links = fields.Nested(SelfLink, required=True)
    name = fields.String(required=True)


class Accounts(Schema):
    """The accounts of the caller."""

    domains = fields.List(fields.Nested(Account), required=True)
    links = fields.Nested(Links, required=True)


class ErrorDetails(Schema):
    """The problem."""

    code = fields.Integer(required=True)
    message = fields.String(required=True)
    title = fields.String(required=True)


class Failure(Schema):
    """The body of an error."""

    error = fields.Nested(ErrorDetails, required=True)
