"""Secrets are found wherever they stand in a text."""

import json
from urllib.parse import quote

import pytest

from mockcbs.core import masking
from mockcbs.services import registry

SECRET = "S3cr3t-Pl4nted"
EVERYWHERE = (
    "access_key access_token ak api_key apikey apiKey app_access_token app_secret app_ticket assertion "
    "client_assertion client_secret clientSecret code_verifier device_code passwd password Password "
    "private_key privateKey refresh_token secret secret_access_key secret_key secretKey security_token "
    "securitytoken session_key sign signature sk tenant_access_token token user_code "
    "webhook_secret X-Amz-Signature x-oss-signature access_tokens api_keys auth_code aes_key bearer "
    "encryptKey jwt passwords secrets tokens verification_code"
).split()
NAMES = sorted({*EVERYWHERE, *(name for service in registry.services() for name in service.secrets.members)})


def multipart(name: str, secret: str) -> str:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{secret}\r\n--b--\r\n'


BODIES = {
    "json": lambda name, secret: json.dumps({name: secret, "more": 1}),
    "spaced json": lambda name, secret: json.dumps({"deep": [{name: secret}]}, indent=2),
    "json in json": lambda name, secret: json.dumps({"parameters": json.dumps({name: secret, "b": "c"})}),
    "object": lambda name, secret: json.dumps({name: {"key": secret, "id": secret}}),
    "list": lambda name, secret: json.dumps({name: [secret, secret]}),
    "cut off": lambda name, secret: json.dumps({"a": "b", name: secret})[:-4],
    "form": lambda name, secret: f"a=b&{name}={quote(secret)}&c=d",
    "multipart": multipart,
    "lists of lists": lambda name, secret: json.dumps({name: [["a", [secret]], {"b": [secret]}]}),
    "objects in objects": lambda name, secret: json.dumps(
        {name: {"a": 1, "b": {"c": secret, "d": [secret]}}}
    ),
    "list cut off": lambda name, secret: json.dumps({name: ["a", {"b": secret}]})[:-4],
    "list in json in json": lambda name, secret: json.dumps(
        {"a": json.dumps({name: [secret, {"b": secret}]})}
    ),
    "json in json in json": lambda name, secret: json.dumps(json.dumps({"a": json.dumps({name: secret})})),
    "quotes in json in json": lambda name, secret: json.dumps(
        {"a": json.dumps({"b": 'say "x\\"', name: f'"\\{secret}', "c": 1})}
    ),
    "escaped name": lambda name, secret: f'{{"\\u{ord(name[0]):04x}{name[1:]}": "{secret}"}}',
    "encoded name": lambda name, secret: f"a=b&%{ord(name[0]):02x}{name[1:]}={secret}",
    "index": lambda name, secret: f"a=b&{name}[0]={secret}&user[{name}]={secret}&+{name}={secret}",
    "semicolons": lambda name, secret: f"a=b;{name}={secret}",
    "fragment": lambda name, secret: f"https://a.example/b#{name}={secret}",
    "url in a query": lambda name, secret: (
        "back=" + quote(f"https://a.example/?b=c&{name}={secret}", safe="")
    ),
    "url in a url in a query": lambda name, secret: (
        "back="
        + quote("https://a.example/?to=" + quote(f"https://b.example/?{name}={secret}", safe=""), safe="")
    ),
    "json in a form": lambda name, secret: "data=" + quote(json.dumps({"a": 1, name: secret})) + "&b=c",
    "quoted by Python": lambda name, secret: f"cannot read {{'a': 1, '{name}': '{secret}'}}",
    "multipart in single quotes": lambda name, secret: multipart(name, secret).replace('"', "'"),
    "multipart with spaces": lambda name, secret: multipart(name, secret).replace("name=", "name = "),
    "multipart with a charset": lambda name, secret: multipart(name, secret).replace(
        f'name="{name}"', f"name*=UTF-8''{name}"
    ),
}


@pytest.mark.parametrize("kind", BODIES)
def test_every_name_in_every_kind_of_body(kind):
    """The secret is masked wherever it stands under the name, and its values are found."""
    for name in NAMES:
        body = BODIES[kind](name, SECRET)

        shown, values = masking.text(body), [*masking.values(body)]

        assert SECRET[:8] not in shown, name
        assert name[1:] in shown
        assert masking.HIDDEN in shown
        assert any(SECRET[:8] in value for value in values), name


@pytest.mark.parametrize("kind", [kind for kind in BODIES if not kind.startswith("quoted")])
def test_codes_of_grants(kind):
    """The code of an OAuth grant is a secret wherever it stands."""
    assert SECRET[:8] not in masking.text(BODIES[kind]("code", SECRET))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:S3cr3t@a.example/b", "https://user:***@a.example/b"),
        ("refused: Bearer S3cr3t_123 has expired", "refused: Bearer *** has expired"),
        ("send Bearer and a token", "send Bearer and a token"),
        ("got eyJhbGciOiJ9.eyJzdWIi.c2ln here", "got *** here"),
        ("no token pat_1S3cr3t1S3cr3t1S3cr3t.", "no token ***."),
        ("sat_1S3cr3t1S3cr3t1S3cr3t", "***"),
        ("czs_1S3cr3t1S3cr3t1S3cr3t,czu_1S3cr3t1S3cr3t1S3cr3t", "***,***"),
        ("pat14CharsS3cr3t0." + "0a" * 32, "***"),
        ("of t-g1044ghJRUIJJ5ZPPZMOHKWZISL33E4QSS3abcef or u-6S3cr3tDiM6XIH2DcTCPyeub", "of *** or ***"),
        ("a pat_of_words_that_is_no_token, t-shirt_in_all_colours_of_the_world",) * 2,
        ('{"code":"S3CR3T0123456789"}', '{"code":"***"}'),
        ('{"code":"Abcdefgh0123456789"}', '{"code":"***"}'),
        (
            "https://open.feishu.cn/open-apis/bot/v2/hook/S3-cr3t",
            "https://open.feishu.cn/open-apis/bot/v2/hook/***",
        ),
        (
            "no route for /open-apis/bot%2Fv2%2Fhook%2FS3-cr3t;",
            "no route for /open-apis/bot%2Fv2%2Fhook%2F***;",
        ),
        ("/cgi-bin/webhook/send?key=S3-cr3t", "/cgi-bin/webhook/send?key=***"),
        ("<Error><Code>SignatureDoesNotMatch</Code><SignatureProvided>x</SignatureProvided></Error>",) * 2,
        ("<a><SecurityToken>S3cr3t</SecurityToken></a>", "<a><SecurityToken>***</SecurityToken></a>"),
        (
            '{"token":{"id":"x","user":{"name":"n","id":"u"},"methods":["password"],"extra":{"a":"x"}}}',
            '{"token":{"id":"***","user":{"name":"n","id":"u"},"methods":["password"],"extra":{"a":"***"}}}',
        ),
        ('{"code":["CBS.0021",4000],"msg":"ok"}',) * 2,
    ],
)
def test_secrets_without_a_name(text, shown):
    """Passwords in URLs, tokens after their scheme or of a chat robot, and what only looks like one."""
    assert masking.text(text) == shown
