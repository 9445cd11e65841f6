"""Aliyun OSS (对象存储): buckets and objects, as its SDKs and ossfs use them."""
