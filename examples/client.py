"""A client such as yours: it reads one figure, and tries again when the service stumbles."""

import requests

CBS = "https://cbs-ext.cn-north-4.myhuaweicloud.com"


class UnavailableError(Exception):
    """The figure cannot be had now."""


def sessions(project: str, bot: str, token: str, *, base_url: str = CBS, attempts: int = 3) -> int:
    """How many sessions a bot has had."""
    url = f"{base_url}/v1/{project}/qabots/{bot}/requests/session-stats?interval=day"
    for _ in range(attempts):
        try:
            answer = requests.get(url, headers={"X-Auth-Token": token}, timeout=5)
            if answer.status_code < 500:
                answer.raise_for_status()
                return answer.json()["total"]["session_count"]
        except (requests.ConnectionError, requests.Timeout):
            continue
        except (requests.RequestException, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(f"no figure in the answer: {error}") from error
    raise UnavailableError(f"no answer in {attempts} attempts")
