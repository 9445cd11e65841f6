"""The API gateway (APIG) in front of the Huawei services: authentication, and errors of the gateway."""
