"""Sample code for oss2."""

from collections.abc import Callable, Mapping
from typing import Any

from mockcbs.samples.python import Source, call
from mockcbs.samples.request import Request
from mockcbs.samples.sdk import Sdk
from mockcbs.settings import Settings


def _write(request: Request, settings: Settings) -> str | None:
    _, _, operation = request.operation.partition(".")
    if operation not in _CALLS:
        return None
    auth = call("oss2.Auth", settings.access_key, settings.secret_key)
    lines = ["import oss2", "", f"auth = {auth}"]
    if operation == "list_buckets":
        lines.append(f"service = {call('oss2.Service', Source('auth'), request.base_url)}")
    else:
        bucket = request.names["bucket"]
        endpoint = [Source("auth"), request.base_url, bucket]
        lines.append(f"bucket = {call('oss2.Bucket', *endpoint, is_path_style=True)}")
    return "\n".join([*lines, *_CALLS[operation](request, dict(request.parameters)), ""])


_Parameters = Mapping[str, str]


def _does(method: str, *names: str, body: bool = False) -> Callable[[Request, _Parameters], list[str]]:
    """A call with the key, these parameters and the body; its result has no members to print."""

    def lines(request: Request, query: _Parameters) -> list[str]:
        given: list[Any] = [request.names["key"]] if "key" in request.names else []
        given += [
            int(query[name]) if query[name].isdecimal() else query[name] for name in names if name in query
        ]
        if body:
            given.append(request.body)
        return [f"response = {call(f'bucket.{method}', *given)}", "print(response.status)"]

    return lines


def _gives(made: str, *members: str) -> Callable[[Request, _Parameters], list[str]]:
    """A call, and the members of its result to print."""

    def lines(request: Request, query: _Parameters) -> list[str]:
        given: list[Any] = [request.names["key"]] if "key" in request.names else []
        given += [query["uploadId"]] if "uploadId" in query else []
        shown = ", ".join(f"response.{member}" for member in members)
        return [f"response = {call(made, *given)}", f"print({shown})"]

    return lines


def _list(_: Request, query: _Parameters) -> list[str]:
    names = {"prefix": "prefix", "delimiter": "delimiter", "marker": "marker", "max-keys": "max_keys"}
    given: dict[str, Any] = {names[name]: value for name, value in query.items() if name in names}
    if "max_keys" in given:
        given["max_keys"] = int(given["max_keys"])
    method = "list_objects"
    if query.get("list-type") == "2":
        method = "list_objects_v2"
        given.pop("marker", None)
    return [f"for item in {call(f'bucket.{method}', **given)}.object_list:", "    print(item.key, item.size)"]


def _delete_objects(request: Request, query: _Parameters) -> list[str]:
    from mockcbs.services.oss.xml import XMLInputError, parsed  # noqa: PLC0415

    del query
    try:
        keys = [one.text or "" for one in parsed(request.body.encode(), "Delete").iter("Key")]
    except XMLInputError:
        keys = []
    return [f"response = {call('bucket.batch_delete_objects', keys)}", "print(response.deleted_keys)"]


def _append(request: Request, query: _Parameters) -> list[str]:
    position = int(query.get("position", "0") or 0)
    made = call("bucket.append_object", request.names["key"], position, request.body)
    return [f"response = {made}", "print(response.next_position)"]


def _upload_part(request: Request, query: _Parameters) -> list[str]:
    key, number = request.names["key"], int(query.get("partNumber", "1"))
    made = call("bucket.upload_part", key, query.get("uploadId", ""), number, request.body)
    return [f"response = {made}", "print(response.etag)"]


def _put_acl(request: Request, query: _Parameters) -> list[str]:
    del query
    key = [request.names["key"]] if "key" in request.names else []
    acl = request.header("x-oss-object-acl") or request.header("x-oss-acl") or "private"
    method = "bucket.put_object_acl" if key else "bucket.put_bucket_acl"
    return [f"print({call(method, *key, acl)}.status)"]


_CALLS: dict[str, Callable[[Request, _Parameters], list[str]]] = {
    "list_buckets": lambda *_: [
        "for bucket in service.list_buckets().buckets:",
        "    print(bucket.name, bucket.location)",
    ],
    "put_bucket": _does("create_bucket"),
    "delete_bucket": _does("delete_bucket"),
    "get_bucket_location": _gives("bucket.get_bucket_location", "location"),
    "get_bucket_info": _gives("bucket.get_bucket_info", "name", "location", "creation_date"),
    "get_bucket_stat": _gives("bucket.get_bucket_stat", "storage_size_in_bytes", "object_count"),
    "get_bucket_acl": _gives("bucket.get_bucket_acl", "acl"),
    "put_bucket_acl": _put_acl,
    "list_objects": _list,
    "put_object": _does("put_object", body=True),
    "get_object": _gives("bucket.get_object", "read()"),
    "get_object_meta": _gives("bucket.get_object_meta", "content_length", "etag"),
    "delete_object": _does("delete_object"),
    "delete_objects": _delete_objects,
    "append_object": _append,
    "get_object_acl": _gives("bucket.get_object_acl", "acl"),
    "put_object_acl": _put_acl,
    "initiate_multipart_upload": _gives("bucket.init_multipart_upload", "upload_id"),
    "upload_part": _upload_part,
    "abort_multipart_upload": _does("abort_multipart_upload", "uploadId"),
    "list_parts": _gives("bucket.list_parts", "parts"),
    "list_multipart_uploads": _gives("bucket.list_multipart_uploads", "upload_list"),
}

SDK = Sdk("oss2", _write)
