"""What tests ask of OSS."""

import oss2
import pytest


def failure(call, *args, **kwargs):
    """Status and code of the error that a call raises."""
    with pytest.raises(oss2.exceptions.ServerError) as raised:
        call(*args, **kwargs)
    return raised.value.status, raised.value.code
