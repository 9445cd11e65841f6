"""Generated days."""

import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from mockcbs.datasets.load import load
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.knowledge import KnowledgeBase
from mockcbs.traffic.numbering import generated
from mockcbs.traffic.periods import DAY
from mockcbs.traffic.turns import merge

BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
MONDAY, SUNDAY = 20_409, 20_415

DIGEST = """
import hashlib
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.knowledge import KnowledgeBase
day = Generator(42, "%s", Profile(), KnowledgeBase()).turns_on(%d)
columns = (day.at, day.session, day.user, day.utterance, day.latency)
print(hashlib.sha256(b"".join(column.astype("<i8").tobytes() for column in columns)).hexdigest())
"""


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return load("everyday").knowledge


def generator(knowledge: KnowledgeBase, seed: int = 42, bot: str = BOT, **profile) -> Generator:
    return Generator(seed, bot, Profile(**profile), knowledge)


def test_a_day_is_the_same_forever():
    """The digest of a day does not change: not with the release, the process, the platform or the Python."""
    recorded = "0403233cdae19d202854972c757e58fb91f5ac0a8b4006cadc52d62eeba5b297"

    for hash_seed in ("0", "1"):
        command = [sys.executable, "-c", DIGEST % (BOT, MONDAY)]
        run = subprocess.run(
            command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": hash_seed}
        )
        assert run.stdout.strip() == recorded


def test_seed_bot_and_day_each_matter(knowledge):
    """Another seed, bot or day has other traffic; the same three have the same traffic."""
    here = generator(knowledge).turns_on(MONDAY)

    again = generator(knowledge).turns_on(MONDAY)
    others = [
        generator(knowledge, seed=43).turns_on(MONDAY),
        generator(knowledge, bot=BOT.replace("3", "4")).turns_on(MONDAY),
        generator(knowledge).turns_on(MONDAY + 1),
    ]

    assert (here.at == again.at).all()
    assert (here.utterance == again.utterance).all()
    assert all(len(other) != len(here) or (other.at != here.at).any() for other in others)


def test_traffic_keeps_office_hours(knowledge):
    """Working days are busier than weekends, mid-morning busier than the small hours."""
    busy = generator(knowledge, sessions_per_day=2_000, character="office")

    monday, sunday = busy.turns_on(MONDAY), busy.turns_on(SUNDAY)

    local_hours = Counter(((monday.at + 8 * 3_600_000) % DAY // 3_600_000).tolist())
    assert len(sunday) < 0.7 * len(monday)
    assert local_hours[10] > 10 * max(1, local_hours[3])


def test_sessions_live_two_minutes_after_an_answer(knowledge):
    """No turn comes later than 120 s after the answer before it, and times are spread over all ms."""
    day = generator(knowledge, sessions_per_day=3_000).turns_on(MONDAY)

    grouped = np.lexsort((day.at, day.session))
    idle = np.diff(day.at[grouped]) - day.latency[grouped][:-1]
    same_session = np.diff(day.session[grouped]) == 0

    assert (idle[same_session] > 0).all()
    assert (idle[same_session] < 120_000).all()
    assert len(set((day.at % 1000).tolist())) == 1000


def test_outcomes_follow_the_mix(knowledge):
    """Outcomes occur in the proportions of the profile, and one with weight 0 never occurs."""
    mix = {"direct": 3, "notmatch": 1}

    day = generator(knowledge, sessions_per_day=5_000, outcomes=mix, incident_days=0).turns_on(MONDAY)

    counts = Counter(generated(knowledge)[number].outcome for number in day.utterance.tolist())
    assert counts.keys() == mix.keys()
    assert counts["direct"] / len(day) == pytest.approx(0.75, abs=0.02)


def test_users_return(knowledge):
    """A few users are regulars, many come once, and some are unknown."""
    days = [generator(knowledge, sessions_per_day=500, users=400).turns_on(MONDAY + n) for n in range(5)]

    users = Counter(user for day in days for user in day.user.tolist())
    unknown = users.pop(-1)

    assert users.most_common(1)[0][1] > 5 * np.median(list(users.values()))
    assert 0 < unknown < 0.1 * users.total()
    assert len(users) < 600


def test_session_ids_are_random_uuids(knowledge):
    """Ids are dashed UUIDs of version 4, all different."""
    busy = generator(knowledge, sessions_per_day=20_000)
    day = busy.turns_on(MONDAY)
    ordinals, opening = np.unique(day.session, return_index=True)

    ids = busy.session_ids(MONDAY, day.at[opening], ordinals)

    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", text)
        for text in ids
    )
    assert len(set(ids)) == len(ids) == len(ordinals)


def test_days_are_the_same_in_any_company(knowledge):
    """A day made among others has the turns it has alone, its sessions numbered on from the day before."""
    made = generator(knowledge, sessions_per_day=60, weekend_percent=0)
    days = range(MONDAY, MONDAY + 14)

    together, counts = made.turns_of(days)

    alone = [made.turns_on(day) for day in days]
    for place, day in enumerate(alone):
        day.session[:] += counts[:place].sum()
    for column in ("at", "session", "user", "utterance", "latency"):
        joined = getattr(merge(alone), column)
        assert getattr(together, column).tolist() == joined.tolist()
    assert counts.tolist() == [len(set(day.session.tolist())) for day in alone]
