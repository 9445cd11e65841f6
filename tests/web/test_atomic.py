"""Views that happen as a whole."""

import threading
import time

from mockcbs import Settings, create_app
from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.web import context
from mockcbs.web.atomic import AtomicBlueprint, atomic, waits


def add_one() -> int:
    """Read a count, let others run, write the next."""
    documents = context.mock().documents
    count = (documents.get("toy", "", "count") or {"value": 0})["value"] + 1
    time.sleep(0.002)
    documents.put("toy", "", "count", {"value": count})
    return count


def counted_by(operation, threads: int = 6, times: int = 5) -> list[int]:
    """What that many threads get that call *operation* at the same time, sorted."""
    app = create_app(Settings())
    found: list[int] = []
    together = threading.Barrier(threads)

    def work():
        together.wait(30)
        with app.app_context():
            found.extend(operation() for _ in range(times))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return sorted(found)


def test_an_atomic_operation_is_not_interrupted():
    """No count is read twice before it is written, which happens without a transaction."""
    assert counted_by(atomic(add_one)) == list(range(1, 31))
    assert counted_by(add_one) != list(range(1, 31))


def test_which_views_of_a_blueprint_are_atomic():
    """Views that may change something are atomic, unless they wait for another server."""
    app = create_app(Settings())
    entered, patience = [], 0.0

    def view() -> str:
        app.extensions["mockcbs"].documents.get("toy", "", "count")  # from now on it excludes other writers
        entered.append(threading.Thread(target=elsewhere))
        entered[-1].start()
        entered[-1].join(patience)
        return "alive" if entered[-1].is_alive() else "done"

    def elsewhere() -> None:
        app.extensions["mockcbs"].documents.put("toy", "", "count", {"value": 1})

    def waiting() -> str:
        return view()

    def answers(blueprint: AtomicBlueprint, *expected: str) -> bool:
        """Whether the views answer as expected: alive if another thread could not write meanwhile."""
        nonlocal patience
        rules: dict[str, tuple] = {}
        blueprint.record = lambda deferred: deferred(Registered(rules))  # type: ignore[method-assign]
        blueprint.add_url_rule("/get", "get", view, methods=["GET"])
        blueprint.add_url_rule("/post", "post", view, methods=["POST"])
        blueprint.add_url_rule("/waits", "waits", waits(waiting), methods=["POST"])
        with app.app_context():
            for name, one in zip(("get", "post", "waits"), expected, strict=True):
                patience = 0.2 if one == "alive" else 30
                assert rules[name]() == one, name
        for thread in entered:
            thread.join()
        return True

    class Registered:
        """Takes the rules that a blueprint registers."""

        def __init__(self, rules):
            self.rules = rules

        def add_url_rule(self, rule, endpoint, view_func, **options):
            del rule, options
            self.rules[endpoint] = view_func

    class TokenBlueprint(AtomicBlueprint):
        GET_CHANGES_STATE = True

    assert answers(AtomicBlueprint("toy", __name__), "done", "alive", "done")
    assert answers(TokenBlueprint("toy", __name__), "alive", "alive", "done")


def test_on_the_event_loop_nothing_waits_for_a_transaction():
    """While another thread is in one, the request starts over in a thread; so does one with a large body."""
    app = create_app(Settings())
    app.rules()  # imports the views
    documents = app.extensions["mockcbs"].documents
    client = app.test_client()
    entered, done = threading.Event(), threading.Event()

    def hold():
        with documents.transaction():
            documents.put("toy", "", "count", {})
            entered.set()
            done.wait(10)

    def chat(**more) -> None:
        body = {"bot_id": "7342866812345678901", "user_id": "u", **more}
        client.post("/v3/chat", json=body, headers={"Authorization": "Bearer pat_mockcbs"})

    def starts_over(**more) -> bool:
        try:
            with on_loop():
                chat(**more)
        except StartOver:
            return True
        return False

    holder = threading.Thread(target=hold)
    chat()  # the first question of a trade starts over, too
    large = starts_over(meta_data={"text": "x" * 10_000})
    before = starts_over()
    holder.start()
    entered.wait(10)
    beside = starts_over()
    done.set()
    holder.join()

    runs_on_loop = app.extensions["mockcbs"].backend.feed is None  # otherwise all requests run in threads
    assert (large, before, beside, starts_over()) == (True, False, runs_on_loop, False)
