"""Additions to the OpenAPI document of IAM."""

from mockcbs.services.documentation import Documentation, Examples
from mockcbs.services.gateway.documentation import SECURITY, GatewayFailure
from mockcbs.services.iam.responses import Failure


def _examples(now: int) -> Examples:
    del now
    return {"X-Subject-Token": "any-token"}


DOCUMENTATION = Documentation(
    {"iam": Failure, "gateway": GatewayFailure},
    SECURITY,
    _examples,
    bodies={
        "create_token": {
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {
                        "user": {"name": "mockcbs", "password": "mockcbs", "domain": {"name": "mockcbs"}}
                    },
                },
                "scope": {"project": {"name": "cn-north-4"}},
            }
        }
    },
)
