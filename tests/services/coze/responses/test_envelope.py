"""The envelope of Coze's responses."""

import pytest
from marshmallow import ValidationError

from mockcbs.services.coze.responses.envelope import Done, Failure, OAuthFailure, enveloped
from mockcbs.services.coze.responses.tokens import Consent
from tests.services.coze.calls import TOKEN_URL

DONE = {"code": 0, "msg": "", "detail": {"logid": "20251222090000"}}


@pytest.mark.parametrize("missing", DONE)
def test_a_success_has_code_message_and_log_id(missing):
    """A success must have code, message and log id."""
    assert Done().load(DONE)

    with pytest.raises(ValidationError, match="Missing data"):
        Done().load({name: value for name, value in DONE.items() if name != missing})


def test_data_stands_beside_the_code():
    """A schema with an envelope requires data, and reports the errors of its data."""
    schema = enveloped("ConsentAnswer", Consent)

    assert schema.__doc__ == Consent.__doc__
    assert schema().load({**DONE, "data": {"msg": "ok"}})
    with pytest.raises(ValidationError, match="data"):
        schema().load(DONE)


def test_errors_of_the_mock_have_their_envelope(coze):
    """An error of the OpenAPI and one of OAuth load with their schemas, and not with each other's."""
    failure = coze.get("/v1/bots/1/analytics").json
    oauth = coze.post(TOKEN_URL, json={}).json

    assert Failure().load(failure)
    assert OAuthFailure().load(oauth)
    assert Failure().validate(oauth)
    assert OAuthFailure().validate(failure)
