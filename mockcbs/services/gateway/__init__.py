"""The API gateway (APIG) in front of the Huawei services: who may call, and its own errors."""
