"""Uploads."""

import pytest


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, 4300),
        ({"file": (b"", "x.txt")}, 4300),
        ({"file": (b"x", "x.txt"), "other": (b"x", "y.txt")}, 4301),
        ({"other": (b"x", "y.txt")}, 4300),
        ({"file": (b"x", "x.txt")}, 0),
        ({"file": (b"x", "x.PNG")}, 0),
        ({"file": (b"x", "noending")}, 0),
        ({"file": (b"x", "x.exe")}, 4303),
    ],
)
def test_uploads(coze, files, code):
    """An upload needs one file with content, in the part called file."""
    import io

    data = {name: (io.BytesIO(content), filename) for name, (content, filename) in files.items()}

    answer = coze.post("/v1/files/upload", data=data, content_type="multipart/form-data")

    assert (answer.status_code, answer.json["code"]) == (200, code)


def test_large_uploads(coze):
    """A file beyond the limit is refused as such; any other body as a wrong parameter."""
    length = {"CONTENT_LENGTH": str(514 * 2**20)}

    upload = coze.post("/v1/files/upload", environ_overrides=length)
    chat = coze.post("/v3/chat", data=bytes(21 * 2**20))

    assert (upload.status_code, upload.json["code"]) == (200, 4302)
    assert (chat.status_code, chat.json["code"]) == (413, 4000)
