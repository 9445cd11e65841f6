"""Everything a user can set, in one typed object."""

from dataclasses import dataclass
from typing import Literal

DefaultStart = Literal["epoch", "week"]


@dataclass(frozen=True)
class Settings:
    """What `create_app` needs to know; the command line and ``MOCKCBS_…`` variables fill the same fields."""

    seed: int = 42
    dataset: str = "everyday"
    """A dataset's name or the path of a YAML file."""
    now: int | None = None
    """Where the clock starts, ms UTC; `None` takes the dataset's instant, or else real time."""
    tick: bool = False
    """Let a clock that starts at `now` run on instead of standing still."""
    strict: bool = False
    """Accept only tokens issued here, configured keys, and the dataset's bots."""
    hints: bool = True
    """Send ``X-Mockcbs-Reason`` beside every error."""
    default_start: DefaultStart | None = None
    """What a statistics call without ``start_time`` means (contract D-1): the epoch, or local midnight
    seven days before the end. `None` takes the dataset's choice, or else the epoch."""
    gateway_prefix: Literal["APIG", "APIGW"] = "APIG"
    """How gateway codes begin (contract D-7)."""
    secret: str = "mockcbs"
    """Signs the tokens issued here; processes with the same secret accept each other's."""
    access_key: str = "MOCKCBSAK"
    secret_key: str = "mockcbs-secret-key"
    iam_user: str = "mockcbs"
    iam_password: str = "mockcbs"
    iam_domain: str = "mockcbs"
    coze_token: str = "pat_mockcbs"
    """The personal access token of Coze that is good when strict."""
    coze_client_id: str = "mockcbs.app.coze"
    coze_client_secret: str = "mockcbs-client-secret"
    coze_public_key: str | None = None
    """A PEM file; JWTs must be signed for it. Without one they are taken on trust, unless strict."""
    pace: int = 0
    """Pause between two events of a stream, ms."""
