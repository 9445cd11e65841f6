"""Files (contract 3.10): their names and sizes are kept, their content is not."""

from typing import Any

from flask import request

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, errors
from mockcbs.services.coze.envelope import new_id, ok, seconds
from mockcbs.services.coze.schemas import account as schemas
from mockcbs.services.coze.views.base import blp
from mockcbs.web import context

_STORE = "coze.file"


@blp.post("/v1/files/upload")
def upload_file() -> dict[str, Any]:
    """上传文件: one file, as multipart form data."""
    files = [file for _, file in request.files.items(multi=True)]
    if len(files) > 1:
        raise ApiError(errors.FILES_SEVERAL, f"{len(files)} files in one upload")
    file = request.files.get("file")
    if file is None:
        raise ApiError(errors.FILE_EMPTY, "no part called file that has a filename")
    size = len(file.read())
    if not size:
        raise ApiError(errors.FILE_EMPTY, "the file has no bytes")
    file_id = new_id()
    document = {"id": file_id, "bytes": size, "file_name": file.filename or "", "created_at": seconds()}
    context.mock().documents.put(_STORE, accounts.scope(), file_id, document)
    return ok(data=document)


@blp.get("/v1/files/retrieve")
@blp.arguments(schemas.FileQuery, location="query")
def retrieve_file(query: dict[str, Any]) -> dict[str, Any]:
    """查看文件详情: one file."""
    document = context.mock().documents.get(_STORE, accounts.scope(), query["file_id"])
    if document is None:
        raise ApiError(errors.RESOURCE_NOT_FOUND, f"no file {query['file_id']} was uploaded here")
    return ok(data=document)
