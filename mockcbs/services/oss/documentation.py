"""Additions to the OpenAPI document of OSS."""

from mockcbs.services.documentation import Documentation, Examples, key
from mockcbs.services.oss.responses import Failure


def _examples(now: int) -> Examples:
    del now
    return {
        "bucket": "mockcbs-reports",
        "key": "day.csv",
        "position": 0,
        "partNumber": 1,
        "uploadId": "0004B9894A22E5B1888A1E29F823",
    }


DOCUMENTATION = Documentation(
    {"oss": Failure},
    (
        {"OssSignature": key("Authorization", "A signature, V1 or V4; SDKs make it.")},
        {
            "OssAccessKey": key("OSSAccessKeyId", "The access key of a signed URL.", "query"),
            "OssExpires": key("Expires", "The end of a signed URL, Unix seconds.", "query"),
            "OssUrlSignature": key("Signature", "The signature of a signed URL.", "query"),
        },
    ),
    _examples,
    bodies={
        "put_object": "a,b\n1,2\n",
    },
)
