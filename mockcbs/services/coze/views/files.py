"""Files (contract 3.10): mockcbs stores names and sizes, but not the content."""

import io
from typing import Any

from flask import request

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors, files
from mockcbs.services.coze.envelope import MAX_FILE, ok
from mockcbs.services.coze.schemas import account as schemas
from mockcbs.services.coze.views.base import blp
from mockcbs.web import context
from mockcbs.web.documented import body

_UPLOAD = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}},
    "required": ["file"],
}


@blp.post("/v1/files/upload")
@blp.documented(requestBody=body(_UPLOAD, "multipart/form-data", example={"file": "一二三"}))
@blp.answers("File")
def upload_file() -> dict[str, Any]:
    """上传文件: upload one file as multipart form data."""
    sent = [file for _, file in request.files.items(multi=True)]
    if len(sent) > 1:
        raise ApiError(errors.FILES_SEVERAL, f"{len(sent)} files in one upload")
    file = request.files.get("file")
    if file is None:
        raise ApiError(errors.FILE_EMPTY, "the form has no part file with a filename")
    if not files.is_supported(file.filename or ""):
        raise ApiError(errors.FILE_TYPE, f"files such as {file.filename!r} are not supported")
    size = file.stream.seek(0, io.SEEK_END)
    context.current().content_note = f"{file.filename}, {size} bytes"
    if not size:
        raise ApiError(errors.FILE_EMPTY, "the file is empty")
    if size > MAX_FILE:
        raise ApiError(errors.FILE_TOO_LARGE, f"the file has {size} bytes; the limit is {MAX_FILE}")
    return ok(data=vars(files.keep(file.filename or "", size)))


@blp.get("/v1/files/retrieve")
@blp.arguments(schemas.FileQuery, location="query")
@blp.answers("File")
def retrieve_file(query: dict[str, Any]) -> dict[str, Any]:
    """查看文件详情: one file."""
    return ok(data=vars(files.find(query["file_id"])))
