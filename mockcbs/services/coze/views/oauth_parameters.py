"""Parameters of the OAuth endpoints, for documents only; the views read them without schemas."""

from mockcbs.services.coze.tokens import LONGEST_JWT_LIFETIME
from mockcbs.web.documented import body, query

_TEXT = {"type": "string"}
CONSENT = [
    query("client_id", required=True, minLength=1),
    query("redirect_uri", required=True, format="uri"),
    query("response_type", required=True, enum=["code"]),
    query("state", "Returned with the code."),
    query("code_challenge", "For a client without a secret (PKCE)."),
    query("code_challenge_method", enum=["plain", "S256"]),
]
ANSWER = [
    query("user_code", "The code that the device shows.", required=True),
    query("deny", "Refuse.", enum=["true", "false"]),
    query("slow", "Answer the next poll with slow_down.", enum=["true", "false"]),
]
CLIENT = body(
    {
        "type": "object",
        "properties": {"client_id": {**_TEXT, "minLength": 1}},
        "required": ["client_id"],
    }
)
GRANT = body(
    {
        "type": "object",
        "properties": {
            "grant_type": {
                **_TEXT,
                "enum": [
                    "authorization_code",
                    "refresh_token",
                    "urn:ietf:params:oauth:grant-type:device_code",
                    "urn:ietf:params:oauth:grant-type:jwt-bearer",
                ],
            },
            **dict.fromkeys(
                ("client_id", "code", "redirect_uri", "refresh_token", "device_code", "code_verifier"), _TEXT
            ),
            "duration_seconds": {"type": "integer", "minimum": 1, "maximum": LONGEST_JWT_LIFETIME},
            "scope": {"type": "object"},
        },
        "required": ["grant_type"],
    }
)
