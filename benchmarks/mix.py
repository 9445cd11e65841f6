"""Reads, questions and faults at the same time, with a check of every response; see ``--help``."""

import json
import tempfile
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import click
import numpy as np
from clients import PROBABILITY, STRUCK, Client, Shared, fault_limits
from contenders import Mockcbs
from processes import Server, Watch, free_port, running
from progress import Progress
from report import Result, Table, as_markdown, load_average, machine
from signals import end_on_signals
from work import BOT, PATH, Ask

_CONNECTIONS = 16


def measure(
    seconds: float,
    progress: Progress,
    *,
    connections: int = _CONNECTIONS,
    seed: int = 1,
    flags: tuple[str, ...] = (),
) -> Result:
    """Run so many clients against a server for a while."""
    bots = [str(uuid.uuid5(uuid.NAMESPACE_OID, f"client {number}")) for number in range(connections + 1)]
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        (folder / "dataset.yaml").write_text(json.dumps(_dataset(bots)), "utf-8")
        (folder / "scenario.yaml").write_text(json.dumps(_scenario(seed)), "utf-8")
        serve = [
            "serve",
            "--quiet",
            "--port",
            str(port),
            "--dataset",
            "dataset.yaml",
            "--scenario",
            "scenario.yaml",
        ]
        with running("mockcbs", [*Mockcbs.program(), *serve, *flags], port, folder) as server:
            server.first_answer(Ask(f"{PATH.removesuffix('/session-stats')}/keywords"))
            shared = Shared(port, bots[0], BOT)
            clients = [Client(shared, bot, seed * 1_000 + number) for number, bot in enumerate(bots[1:])]
            with Watch(server) as watch:
                took = _let_loose(clients, shared, seconds, progress)
            for client in clients:
                client.look_back()
            struck = _struck(server)
    return _result(clients, shared, took, watch.peak, struck)


def _dataset(bots: list[str]) -> dict[str, Any]:
    """A dataset of bots without generated traffic, and everyday traffic for all other bots."""
    return {"bots": [*({"id": bot} for bot in bots), {"id": "*", "traffic": {}}]}


def _scenario(seed: int) -> dict[str, Any]:
    rules = [
        {"when": {"operation": operation, "probability": PROBABILITY}, "answer": {"error": "CBS.0031"}}
        for operation in STRUCK
    ]
    return {"description": "A tenth of the calls fail.", "seed": seed, "rules": rules}


def _let_loose(clients: list[Client], shared: Shared, seconds: float, progress: Progress) -> float:
    """Run all clients at the same time. Return the elapsed time in s."""
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    try:
        while (spent := time.perf_counter() - began) < seconds and any(
            thread.is_alive() for thread in threads
        ):
            progress.tell(spent / seconds, f"{sum(client.made for client in clients):,} answers checked")
            shared.over.wait(min(5, seconds - spent))
    finally:
        shared.over.set()
        for thread in threads:
            thread.join(30)
    return time.perf_counter() - began


def _struck(server: Server) -> int:
    """The number of injected faults according to the server."""
    _, body = server.ask(Ask("/_mockcbs/metrics"))
    lines = [line for line in body.decode().splitlines() if line.startswith("mockcbs_faults_total")]
    return round(sum(float(line.rpartition(" ")[2]) for line in lines))


def _result(clients: list[Client], shared: Shared, took: float, peak: float, struck: int) -> Result:
    times: dict[str, list[float]] = {}
    for client in clients:
        for kind, values in client.milliseconds.items():
            times.setdefault(kind, []).extend(values)
    made = sum(map(len, times.values()))
    faults = sum((client.faults for client in clients), Counter[str]())
    exposed = sum((client.exposed for client in clients), Counter[str]())
    wrong = [complaint for client in clients for complaint in client.wrong]
    if struck != faults.total():
        wrong.append(f"the server counts {struck} faults, clients {faults.total()}")
    for operation in STRUCK:
        least, most = fault_limits(exposed[operation])
        if not least <= faults[operation] <= most:
            wrong.append(f"{operation}: {faults[operation]} faults of {exposed[operation]} calls")
    figures = {
        "per_second": round(made / took, 1),
        "answers": made,
        "questions_answered": shared.answered + sum(client.asked.total() for client in clients),
        "faults": dict(faults),
        "struck_operations": dict(exposed),
        "wrong": wrong,
        "resident_mb_most": round(peak, 1),
        "kinds": {
            kind: {
                "answers": len(values),
                **{f"p{rank}_ms": round(float(np.percentile(values, rank)), 3) for rank in (50, 99)},
            }
            for kind, values in sorted(times.items())
        },
    }
    rows = [
        [kind, f"{row['answers']:,}", f"{row['p50_ms']:.2f}", f"{row['p99_ms']:.2f}"]
        for kind, row in figures["kinds"].items()
    ]
    note = (
        f"{made:,} answers in {took:.1f} s over {len(clients)} connections, {made / took:,.0f} a second, by "
        f"clients in Python that check each of them; {faults.total():,} faults as the scenario says; "
        f"{figures['questions_answered']:,} questions; at most {peak:.0f} MB."
    )
    table = Table("A mix of reads, questions and faults", ["", "answers", "p50 ms", "p99 ms"], rows, [note])
    table.notes += [f"**Wrong:** {complaint}" for complaint in wrong[:10]]
    measured = {"mistakes in the mix": len(wrong)}
    return Result("mix", figures, [table], measured)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seconds", type=click.FloatRange(1, 600), default=15, show_default=True)
@click.option("--connections", type=click.IntRange(1, 128), default=_CONNECTIONS, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="What clients do, when faults strike.")
@click.argument("flags", nargs=-1, type=click.UNPROCESSED)
def main(seconds: float, connections: int, seed: int, flags: tuple[str, ...]) -> None:
    """Put a mix of load on `mockcbs serve` FLAGS, and compare every response with a model.

    Each connection is a client. Half of its requests repeat reads of a busy bot's past, whose bytes must not
    change. Other requests read new ranges, whole and cut in two, whose parts must add up. The client asks
    questions of its own bot, whose statistics must have exactly these questions. It also asks questions of a
    bot that all clients share, whose count must lie between the number of answered and the number of sent
    questions. It sends invalid parameters and requests without a token. A scenario answers a tenth of the
    requests of some operations with 500 CBS.0031: so many requests must fail, and they must have no effect.

    \b
    Examples:
      python benchmarks/mix.py --seconds 60 --connections 32
      python benchmarks/mix.py -- --no-cache

    The exit status is 1 if a response was wrong.
    """
    end_on_signals()
    facts = machine()
    progress = Progress({"mix": seconds})
    progress.begin("mix")
    result = measure(seconds, progress, connections=connections, seed=seed, flags=flags)
    facts["load_average_after"] = load_average()
    click.echo(
        as_markdown(facts, {"seconds": seconds, "flags": " ".join(flags) or "none"}, [result]), nl=False
    )
    if result.figures["wrong"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
