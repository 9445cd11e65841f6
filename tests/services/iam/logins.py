"""Bodies that log in."""

TOKENS = "/v3/auth/tokens"
IN_PROJECT = {"project": {"name": "cn-north-4"}}


def login(user="mockcbs", password="mockcbs", domain="mockcbs", scope=None, methods=("password",)):
    secret = {"user": {"name": user, "password": password, "domain": {"name": domain}}}
    auth = {"identity": {"methods": list(methods), "password": secret}}
    return {"auth": auth if scope is None else {**auth, "scope": scope}}
