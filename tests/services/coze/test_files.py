"""Files that messages refer to."""

from tests.services.coze.calls import say_parts


def test_files_nobody_uploaded(coze):
    """A file id that is unknown is refused; one that was given is taken."""
    import io

    text = {"type": "text", "text": "what is this?"}
    file_id = coze.post(
        "/v1/files/upload", data={"file": (io.BytesIO(b"x"), "a.png")}, content_type="multipart/form-data"
    ).json["data"]["id"]

    assert say_parts(coze, text, {"type": "image", "file_id": "123"}).json["code"] == 4304
    assert say_parts(coze, text, {"type": "image", "file_id": file_id}).json["code"] == 0
