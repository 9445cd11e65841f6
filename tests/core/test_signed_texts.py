"""Signed texts hold only values that this version could have written."""

import hashlib
from typing import Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from mockcbs import Settings, create_app
from mockcbs.core.signed_texts import SignedTexts
from mockcbs.services.coze import tokens as coze
from mockcbs.services.feishu import tokens as feishu
from mockcbs.services.gateway import tokens as gateway
from mockcbs.services.tencent_docs import tokens as tencent_docs


class Ticket(NamedTuple):
    """A value of every accepted kind."""

    name: str
    at: int
    kind: Literal["a", "b"]
    note: str | None = None
    bots: tuple[str, ...] = ()


TEXTS = SignedTexts(Ticket, "secret", "salt", version=3)
TICKET = Ticket("n", 5, "a", None, ("x", "y"))
CONTENT = {"version": 3, **TICKET._asdict()}


def forged(content, secret="secret", salt="salt"):
    """A text with any content under the same secret."""
    return URLSafeSerializer(
        secret,
        salt=salt,
        signer_kwargs={"digest_method": hashlib.sha256},
        serializer_kwargs={"ensure_ascii": True},
    ).dumps(content)


def test_a_value_is_read_as_it_was_written():
    """Another secret, another version and a changed text give nothing."""
    text = TEXTS.write(TICKET)

    assert TEXTS.read(text) == TICKET == TEXTS.read(forged(CONTENT))
    assert SignedTexts(Ticket, "other", "salt", version=3).read(text) is None
    assert SignedTexts(Ticket, "secret", "salt", version=4).read(text) is None
    assert TEXTS.read(text[:-1]) is None


WRONG = [None, True, -1, 1.5, 10**30, "\ud800", [1], {}, "c", [["x"]], [None], float("nan")]


@pytest.mark.parametrize("name", CONTENT)
def test_every_member_is_checked(name):
    """A member that is missing, or of another type, makes the text unreadable."""
    shapes = [{key: value for key, value in CONTENT.items() if key != name}, {**CONTENT, name + "2": 1}]
    accepted = {"note": (None, "c"), "name": ("c",)}
    shapes += [{**CONTENT, name: one} for one in WRONG if one not in accepted.get(name, ())]

    assert [TEXTS.read(forged(shape)) for shape in shapes] == [None] * len(shapes)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CONTENT, "z"]), inner),
    max_leaves=8,
)


@given(JSON)
def test_any_other_content_is_refused(content):
    """Whatever a right signature covers is a value of the right types or nothing."""
    found = TEXTS.read(forged(content))

    assert found is None or TEXTS.read(TEXTS.write(found)) == found


CALLS = {
    "MII": ("mockcbs.services.iam.token", gateway, "/v3/auth/tokens", "X-Auth-Token", "{}"),
    "czu_": ("mockcbs.services.coze.token", coze, "/v1/users/me", "Authorization", "Bearer {}"),
    "t-": (
        "mockcbs.services.feishu.token",
        feishu,
        "/open-apis/bitable/v1/apps/a/tables",
        "Authorization",
        "Bearer {}",
    ),
    "mtd.": (
        "mockcbs.services.tencent_docs.token",
        tencent_docs,
        "/openapi/smartbook/v2/files/a/sheets/b",
        "Access-Token",
        "{}",
    ),
}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("prefix", CALLS)
def test_no_token_of_another_shape_is_a_bug(prefix, strict, caplog):
    """A token of another version of mockcbs, whatever it holds, gets a catalogued response."""
    salt, module, path, header, form = CALLS[prefix]
    names = module.Token._fields
    client = create_app(Settings(strict=strict, now="2026-11-25T09:40:00Z")).test_client()
    full = {"version": 1, **dict.fromkeys(names, "1")}
    contents = [None, [], {}, 5, "text", full, {**full, "bots": 5}, dict.fromkeys(names, 5), {"bots": None}]

    for content in contents:
        text = form.format(prefix + forged(content, "mockcbs", salt))
        response = client.open(path, method="POST" if prefix == "mtd." else "GET", headers={header: text})
        assert response.status_code < 500, content

    assert "a bug in mockcbs" not in caplog.text
