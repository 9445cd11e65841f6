"""A simulation of replicas on PostgreSQL: what many replicas, projects and clients would reach.

``python benchmarks/scale.py`` prints the table of `docs/scale.md`. Times of one step come from measurements
(`--only shared-state`); the simulation adds what a machine here cannot show: many cores and many replicas.
"""

import heapq
import random
from dataclasses import dataclass

READ_SECONDS = 0.000_03
"""The time of a repeated read on a core of a replica, with its share of the check for changes, in s."""
QUESTION_SECONDS = 0.001_2
"""The time of a question on a core of a replica, in s."""
TRIP_SECONDS = 0.000_2
"""One round trip to the database in the network of one site, in s."""
TRIPS = 4
"""The number of round trips of a question; all but the last are within the lock of its project."""
DATABASE_SECONDS = 0.000_5
"""The time of the statements of a question on a core of the database, in s."""
COMMIT_SECONDS = 0.001
"""The time of a commit on an SSD, in s; commits of different projects are written together."""


@dataclass(frozen=True)
class Site:
    """The simulated site."""

    replicas: int
    projects: int
    clients: int
    cores: int = 8
    """The number of cores of the database."""


def questions_per_second(site: Site, seconds: float = 5.0, seed: int = 42) -> float:
    """The number of questions answered per second if each client sends the next one after each answer."""
    draw = random.Random(seed)
    replicas, projects, cores = [0.0] * site.replicas, [0.0] * site.projects, [0.0] * site.cores
    waiting = [(draw.random() * 0.01, client) for client in range(site.clients)]
    heapq.heapify(waiting)
    answered = 0
    while waiting[0][0] < seconds:
        now, client = heapq.heappop(waiting)
        replica, project = draw.randrange(site.replicas), client % site.projects
        now = replicas[replica] = max(now, replicas[replica]) + QUESTION_SECONDS
        begun = max(now, projects[project])
        core = min(range(site.cores), key=cores.__getitem__)
        cores[core] = max(begun, cores[core]) + DATABASE_SECONDS
        ended = projects[project] = max(cores[core], begun + TRIPS * TRIP_SECONDS) + COMMIT_SECONDS
        answered += ended < seconds
        heapq.heappush(waiting, (ended, client))
    return answered / seconds


def reads_per_second(site: Site) -> float:
    """The number of repeated reads per second of all replicas, none of which waits for another."""
    return site.replicas / READ_SECONDS


def main() -> None:
    """Print the table."""
    print("| replicas | projects | clients | reads a second | questions a second |")
    print("|---:|---:|---:|---:|---:|")
    for replicas, projects, clients in (
        *((1, 1, 16), (4, 1, 64), (1, 16, 64), (4, 16, 256)),
        *((16, 16, 256), (16, 256, 1024), (64, 256, 1024), (64, 4096, 4096)),
    ):
        site = Site(replicas, projects, clients)
        row = [replicas, projects, clients, round(reads_per_second(site), -3), questions_per_second(site)]
        print("|", " | ".join(f"{value:,.0f}" for value in row), "|")


if __name__ == "__main__":
    main()
