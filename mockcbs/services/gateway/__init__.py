"""The API gateway (APIG) in front of the Huawei services: authentication and gateway errors."""
