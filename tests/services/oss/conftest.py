"""A live mock, and the vendor's SDKs pointed at it."""

from datetime import timedelta

import alibabacloud_oss_v2 as oss
import oss2
import pytest

ACCESS_KEY, SECRET_KEY = "MOCKCBSAK", "mockcbs-secret-key"


def bucket_v1(url, name="photos", secret=SECRET_KEY, access_key=ACCESS_KEY):
    """A bucket of oss2 that signs as V1."""
    return oss2.Bucket(oss2.Auth(access_key, secret), url, name, connect_timeout=10)


def bucket_v4(url, name="photos", secret=SECRET_KEY, access_key=ACCESS_KEY):
    """A bucket of oss2 that signs as V4."""
    return oss2.Bucket(oss2.AuthV4(access_key, secret), url, name, region="cn-hangzhou", connect_timeout=10)


def client(url, version="v4", secret=SECRET_KEY, access_key=ACCESS_KEY):
    """A client of alibabacloud-oss-v2 that does not try again."""
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(access_key, secret)
    config.region, config.endpoint, config.signature_version = "cn-hangzhou", url, version
    config.retry_max_attempts = 1
    return oss.Client(config)


class OldSdk:
    """What the laws need of oss2."""

    def __init__(self, bucket):
        self.bucket = bucket

    def put(self, key, content):
        self.bucket.put_object(key, content)

    def get(self, key):
        return self.bucket.get_object(key).read()

    def list(self, **options):
        return [one.key for one in oss2.ObjectIteratorV2(self.bucket, **options)]

    def delete(self, key):
        self.bucket.delete_object(key)

    def signed(self, method, key, seconds=60):
        return self.bucket.sign_url(method, key, seconds, slash_safe=True)


class NewSdk:
    """What the laws need of alibabacloud-oss-v2."""

    def __init__(self, made):
        self.client = made

    def put(self, key, content):
        self.client.put_object(oss.PutObjectRequest(bucket="photos", key=key, body=content))

    def get(self, key):
        return self.client.get_object(oss.GetObjectRequest(bucket="photos", key=key)).body.content

    def list(self, **options):
        pages = self.client.list_objects_v2_paginator().iter_page(
            oss.ListObjectsV2Request(bucket="photos", **options)
        )
        return [one.key for page in pages for one in page.contents or ()]

    def delete(self, key):
        self.client.delete_object(oss.DeleteObjectRequest(bucket="photos", key=key))

    def signed(self, method, key, seconds=60):
        made = {"GET": oss.GetObjectRequest, "PUT": oss.PutObjectRequest}[method](bucket="photos", key=key)
        return self.client.presign(made, expires=timedelta(seconds=seconds)).url


SDKS = {
    "oss2-v1": lambda url: OldSdk(bucket_v1(url)),
    "oss2-v4": lambda url: OldSdk(bucket_v4(url)),
    "new-v1": lambda url: NewSdk(client(url, "v1")),
    "new-v4": lambda url: NewSdk(client(url, "v4")),
}


@pytest.fixture(params=SDKS)
def sdk(request, mockcbs_server):
    """One of the vendor's SDKs, with one of its signatures."""
    return SDKS[request.param](mockcbs_server.url)


@pytest.fixture
def bucket(mockcbs_server):
    """A bucket of oss2."""
    return bucket_v4(mockcbs_server.url)
