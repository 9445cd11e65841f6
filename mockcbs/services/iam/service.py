"""The properties of IAM as a service."""

import re

from mockcbs.services.base import Example, FailureAnswer, Service
from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from mockcbs.services.gateway.service import BEHIND_GATEWAY, FAILURES, authorize
from mockcbs.services.gateway.tokens import usable
from mockcbs.services.iam import errors
from mockcbs.settings import Settings
from mockcbs.state import State


def _credentials(settings: Settings) -> list[str]:
    return [
        f"AK {settings.access_key}  SK {settings.secret_key}",
        f"IAM user {settings.iam_user}  password {settings.iam_password}  domain {settings.iam_domain}",
    ]


def _example(mock: State) -> Example:
    return Example("/v3/projects", {"X-Auth-Token": usable(mock.settings, mock.clock.now())})


SERVICE = Service(
    name="iam",
    title="Huawei Cloud IAM",
    views="mockcbs.services.iam.views",
    hosts=("iam.myhuaweicloud.com", "iam.*.myhuaweicloud.com"),
    paths=re.compile(r"/v3/"),
    open_endpoints=frozenset({"iam.create_token"}),
    failures={**FAILURES, "server-error": FailureAnswer(errors.INTERNAL)},
    catalogue=errors.CATALOGUE,
    credentials=_credentials,
    variable_settings=("access_key", "secret_key"),
    variables=lambda settings, url: {
        "HUAWEICLOUD_SDK_AK": settings.access_key,
        "HUAWEICLOUD_SDK_SK": settings.secret_key,
        "HUAWEICLOUD_SDK_PROJECT_ID": DEFAULT_PROJECT,
        "HUAWEICLOUD_SDK_IAM_ENDPOINT": url,
    },
    example=_example,
    documentation="mockcbs.services.iam.documentation",
    authorize=authorize,
    **BEHIND_GATEWAY,
)
