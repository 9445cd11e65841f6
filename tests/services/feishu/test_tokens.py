"""Tenant access tokens."""

from mockcbs.services.feishu.tokens import Token, TokenMint, app_grant, grant_of

TOKEN = Token("cli_mine", 1_766_386_800)


def test_every_process_with_the_secret_knows_a_token():
    """Each process with the secret accepts the token; with another secret or letter it is invalid."""
    text = TokenMint("one").issue(TOKEN)

    assert text.startswith("t-")
    assert TokenMint("one").read(text) == TOKEN
    assert TokenMint("two").read(text) is None
    assert TokenMint("one").read(text[:-1]) is None


def test_tokens_of_one_app_have_one_grant():
    """All tokens of an app have the same grant, and a token from elsewhere has none."""
    texts = [TokenMint("one").issue(Token("cli_mine", at)) for at in (1, 2)]

    assert {grant_of(text, "one") for text in texts} == {app_grant("cli_mine")}
    assert grant_of("t-any", "one") is None
    assert grant_of("u-any", "one") is None
