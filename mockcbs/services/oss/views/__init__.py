"""The routes of OSS."""

from mockcbs.services.oss.views import buckets, multipart, objects
from mockcbs.services.oss.views.base import blp

__all__ = ["blp", "buckets", "multipart", "objects"]
