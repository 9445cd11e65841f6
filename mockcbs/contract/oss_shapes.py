"""The elements of the XML responses of OSS."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

_ANY, _TEXT, _DIGITS = "(?s:.*)", "(?s:.+)", r"\d+"
_WHEN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
_TAG = r'"[0-9A-F]{32}(-\d+)?"'
_FLAG = "true|false"
_WORD = r"\w+"


@dataclass(frozen=True)
class Shape:
    """The elements of one kind of response; other elements may be added."""

    root: str
    members: Mapping[str, str]
    """The pattern of the text of each element, by its path below the root."""
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The elements of each list, by the name of an item; a list may be empty."""

    def problems(self, root: Element) -> Iterator[str]:
        """The elements of *root* that are missing or have a wrong text, each as a few words."""
        if root.tag != self.root:
            yield f"the root is {root.tag}, not {self.root}"
        yield from _problems(root, "", self.members)
        for name, members in self.lists.items():
            for item in root.findall(name):
                yield from _problems(item, f"{name}/", members)


def _problems(element: Element, path: str, members: Mapping[str, str]) -> Iterator[str]:
    for name, pattern in members.items():
        found = element.findtext(name)
        if found is None:
            yield f"{path}{name} is missing"
        elif not re.fullmatch(pattern, found):
            yield f"{path}{name} is {found!r}"


_OWNER = {"Owner/ID": _TEXT, "Owner/DisplayName": _TEXT}
_OBJECT = {
    "Key": _TEXT,
    "LastModified": _WHEN,
    "ETag": _TAG,
    "Type": "Normal|Appendable|Multipart",
    "Size": _DIGITS,
    "StorageClass": _WORD,
}
_LIST = {"Name": _TEXT, "Prefix": _ANY, "MaxKeys": _DIGITS, "IsTruncated": _FLAG}
_FOLDERS = {"CommonPrefixes": {"Prefix": _TEXT}}

SHAPES = {
    "info": Shape(
        "BucketInfo",
        {
            "Bucket/Name": _TEXT,
            "Bucket/Location": r"oss-[\w-]+",
            "Bucket/CreationDate": _WHEN,
            "Bucket/ExtranetEndpoint": r"[\w.-]+",
            "Bucket/IntranetEndpoint": r"[\w.-]+",
            "Bucket/StorageClass": _WORD,
            "Bucket/AccessControlList/Grant": r"[\w-]+",
            **{f"Bucket/{name}": pattern for name, pattern in _OWNER.items()},
        },
    ),
    "location": Shape("LocationConstraint", {".": r"oss-[\w-]+"}),
    "list": Shape("ListBucketResult", _LIST, {"Contents": {**_OBJECT, **_OWNER}, **_FOLDERS}),
    "list-2": Shape("ListBucketResult", {**_LIST, "KeyCount": _DIGITS}, {"Contents": _OBJECT, **_FOLDERS}),
    "deleted": Shape("DeleteResult", {}, {"Deleted": {"Key": _TEXT}}),
    "copied": Shape("CopyObjectResult", {"ETag": _TAG, "LastModified": _WHEN}),
    "upload": Shape("InitiateMultipartUploadResult", {"Bucket": _TEXT, "Key": _TEXT, "UploadId": _TEXT}),
    "completed": Shape(
        "CompleteMultipartUploadResult", {"Location": _TEXT, "Bucket": _TEXT, "Key": _TEXT, "ETag": _TAG}
    ),
    "parts": Shape(
        "ListPartsResult",
        {
            "Bucket": _TEXT,
            "Key": _TEXT,
            "UploadId": _TEXT,
            "MaxParts": _DIGITS,
            "IsTruncated": _FLAG,
        },
        {"Part": {"PartNumber": _DIGITS, "LastModified": _WHEN, "ETag": _TAG, "Size": _DIGITS}},
    ),
    "uploads": Shape(
        "ListMultipartUploadsResult",
        {"Bucket": _TEXT, "Prefix": _ANY, "MaxUploads": _DIGITS, "IsTruncated": _FLAG},
        {"Upload": {"Key": _TEXT, "UploadId": _TEXT, "Initiated": _WHEN}},
    ),
}
"""The shapes by the last part of their clauses, ``oss.shape.NAME``."""
