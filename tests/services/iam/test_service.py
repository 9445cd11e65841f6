"""What IAM states about itself."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.services.iam.service import SERVICE


@pytest.mark.parametrize("strict", [False, True])
def test_the_example_succeeds(strict):
    """The call that `mockcbs serve` prints lists the projects."""
    app = create_app(Settings(strict=strict))
    example = SERVICE.example(app.extensions["mockcbs"])

    answer = app.test_client().open(example.path, method=example.method, headers=example.headers)

    assert answer.status_code == 200
    assert answer.json["projects"]


def test_what_is_printed_are_the_configured_credentials():
    """The printed credentials are those with which clients can log in, as the SDKs read them."""
    settings = Settings(access_key="MYKEY", iam_user="anna")

    printed = "\n".join(SERVICE.credentials(settings))

    assert "AK MYKEY" in printed
    assert "IAM user anna" in printed
    assert SERVICE.variables(settings, "http://127.0.0.1:1")["HUAWEICLOUD_SDK_AK"] == "MYKEY"
