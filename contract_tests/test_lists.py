"""Hot questions and keywords: rules that hold for any data."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

from mockcbs.contract.cbs import Cbs, earliest, total_of
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.lacking import known, need
from mockcbs.contract.targets import Answer, query

_PAIR = ("qa_pair_id", "st_question", "domain")
_FEW = 15
_TELLING = 3
"""The number of questions that suffices to check the order of a list."""
_WORDY = 4
_HOURS = 6 * 3_600_000


@checks("cbs.Q-top", "cbs.K-top")
def test_top(kit: Kit) -> None:
    """A list has at most the requested length, and a shorter list is a prefix of a longer one."""
    cbs = Cbs.of(kit)
    for operation, member, clause, tops in (
        ("hots", "questions", "cbs.Q-top", (1, 2, 5, 10)),
        ("keywords", "keywords", "cbs.K-top", (1, 2, 5, 10, 20)),
    ):
        longest = cbs.read(operation, **cbs.span.query, top=20 if operation == "hots" else 50)[member]
        for top in tops:
            answer = cbs.answer(operation, **cbs.span.query, top=top)
            kit.expect(clause, answer, answer.json[member], longest[:top], f"{member} (top={top})")


@checks("cbs.Q-distinct", "cbs.Q-direct", "cbs.Q-domain", "cbs.Q-empty")
def test_hot_questions(kit: Kit) -> None:
    """Each hot question is listed once, under its category, and was answered directly."""
    cbs = Cbs.of(kit)
    answer = cbs.answer("hots", **cbs.span.query, top=20)
    questions = answer.json["questions"]
    keys = [tuple(known(question[name], "") for name in _PAIR) for question in questions]
    kit.expect("cbs.Q-distinct", answer, _repeated(keys), [], "repeated questions")
    with kit.part("cbs.Q-direct"):
        direct = total_of(cbs.rates(interval="day", time_zone="UTC").json, "direct_count")
        kit.expect("cbs.Q-direct", answer, bool(questions), bool(direct), "whether questions is not empty")
        kit.judge("cbs.Q-direct", answer, f"at most {direct}", str(len(keys)), held=len(keys) <= direct)
    unknown = cbs.answer("hots", **cbs.span.query, domain=made_up())
    kit.expect("cbs.Q-domain", unknown, unknown.json["questions"], [], "questions of an unknown category")
    with kit.part("cbs.Q-domain"):
        for domain in sorted({question["domain"] for question in questions if question["domain"]}):
            _check_domain(kit, questions, domain)
    ids = cbs.answer("hots", **cbs.span.query, domain_id=made_up())
    kit.expect("cbs.Q-domain", ids, ids.json["questions"], [], "questions of an unknown category id")
    nothing = cbs.answer("hots", start_time=0, end_time=1)
    kit.expect("cbs.Q-empty", nothing, nothing.json, {"questions": []}, "body")


def _check_domain(kit: Kit, questions: list[dict[str, str]], domain: str) -> None:
    """Check the hot questions of one category."""
    cbs = Cbs.of(kit)
    within = cbs.answer("hots", **cbs.span.query, top=20, domain=domain)
    named = sorted({question["domain"] for question in within.json["questions"]})
    kit.expect("cbs.Q-domain", within, named, [domain], "categories")
    if domain[:-1] and not cbs.rates(interval="day", time_zone="UTC", domain=domain[:-1]).json["intervals"]:
        piece = cbs.answer("hots", **cbs.span.query, domain=domain[:-1])
        kit.expect(
            "cbs.Q-domain", piece, piece.json["questions"], [], "questions of a part of the category's name"
        )
    expected = [question for question in questions if question["domain"] == domain]
    kit.expect("cbs.Q-domain", within, within.json["questions"][: len(expected)], expected, "questions")


def _name(question: dict[str, str]) -> str:
    """What identifies a question: its id, or its text if the id is missing."""
    return str(need(known(question["qa_pair_id"], question["st_question"])))


@checks("cbs.Q-order", "cbs.Q-direct", "cbs.Q-ties", "cbs.Q-distinct")
def test_hot_questions_are_sorted(kit: Kit) -> None:
    """Hot questions are sorted by hits, which the check counts one by one in a short range."""
    cbs = Cbs.of(kit)
    for low in cbs.instants:
        hits: Counter[str] = Counter()
        texts: dict[str, str] = {}
        at = low - 1
        for end, only in _direct_answers(cbs, low):
            questions = only.json["questions"]
            kit.expect("cbs.Q-direct", only, len(questions), 1, "number of questions after one direct answer")
            if end - at > 1:
                between = cbs.answer("hots", start_time=at + 1, end_time=end - 1)
                kit.expect(
                    "cbs.Q-direct",
                    between,
                    between.json["questions"],
                    [],
                    "questions between two direct answers",
                )
            hits.update(_name(question) for question in questions)
            texts |= {_name(question): str(known(question["st_question"], "")) for question in questions}
            at = end
            if len(hits) >= _TELLING and _are_told_apart(hits, texts):
                break
        answer = cbs.answer("hots", start_time=low, end_time=max(low, at), top=20)
        listed = [_name(question) for question in answer.json["questions"]]
        ranked = [hits[pair] for pair in listed]
        if len(set(ranked)) > 1:
            kit.expect(
                "cbs.Q-order", answer, ranked, sorted(ranked, reverse=True), "hits in the order of the list"
            )
        kit.expect("cbs.Q-distinct", answer, _repeated(listed), [], "repeated questions")
        with kit.part("cbs.Q-ties"):
            ids = [need(question["qa_pair_id"]) for question in answer.json["questions"]]
            for count in {count for count in ranked if ranked.count(count) > 1}:
                tied = [pair for pair in ids if hits[pair] == count]
                kit.expect("cbs.Q-ties", answer, tied, sorted(tied), f"ids with {count} hits")
        if _are_told_apart(hits, texts):
            return


def _are_told_apart(hits: Counter[str], texts: dict[str, str]) -> bool:
    """Whether neither the order by hits nor, among equal hits, that by id could be the order by text."""
    inverse = [(one, other) for one, other in permutations(hits, 2) if texts[one] > texts[other]]
    return any(hits[one] > hits[other] for one, other in inverse) and any(
        hits[one] == hits[other] and one < other for one, other in inverse
    )


def _direct_answers(cbs: Cbs, low: int) -> Iterator[tuple[int, Answer]]:
    """Times from *low* on at which one more question is answered directly, each with the hot questions up
    to then.
    """
    high = min(cbs.span.end, low + _HOURS)

    def direct(end: int) -> int:
        content = cbs.read("reply-rates", start_time=low, end_time=end, interval="day", time_zone="UTC")
        count: int = total_of(content, "direct_count")
        return count

    at, most = low, direct(high)
    for place in range(1, min(most, _FEW) + 1):
        at = earliest(lambda instant, n=place: direct(instant) >= n, at, high)  # type: ignore[misc]
        if direct(at) > place:
            return
        yield at, cbs.answer("hots", start_time=at, end_time=at)


@checks("cbs.Q-order", "cbs.Q-direct")
def test_order_of_parts(kit: Kit) -> None:
    """A question that precedes another in both parts of a range also precedes it in the whole range."""
    cbs = Cbs.of(kit)
    middle = (cbs.span.start + cbs.span.end) // 2
    whole = cbs.answer("hots", **cbs.span.query, top=20)
    one, other, both = (
        [_name(question) for question in cbs.read("hots", start_time=a, end_time=b, top=20)["questions"]]
        for a, b in ((cbs.span.start, middle), (middle + 1, cbs.span.end), (cbs.span.start, cbs.span.end))
    )
    wrong = [
        f"{first} before {second}"
        for first, second in combinations(both, 2)
        if {first, second} <= {*one} & {*other}
        and one.index(second) < one.index(first)
        and other.index(second) < other.index(first)
    ]
    kit.expect("cbs.Q-order", whole, wrong[:3], [], "questions whose order differs from that in both parts")
    if len(both) < 20:
        new = sorted({*one, *other} - {*both})
        kit.expect("cbs.Q-direct", whole, new, [], "questions of a part that the whole range lacks")


@checks("cbs.K-ties")
def test_ties_of_keywords(kit: Kit) -> None:
    """Of two keywords with the same frequency, the keyword that was used earlier comes first."""
    cbs = Cbs.of(kit)
    for low in cbs.instants:
        high = min(cbs.span.end, low + _HOURS)
        first: dict[str, int] = {}
        at = low
        for place in range(1, _WORDY + 1):
            if cbs.questions(low, high) < place:
                break
            at = earliest(lambda end, n=place, low=low: cbs.questions(low, end) >= n, at, high)  # type: ignore[misc]
            for entry in cbs.read("keywords", start_time=at, end_time=at, top=50)["keywords"]:
                first.setdefault(entry["keyword"], at)
        answer = cbs.answer("keywords", start_time=low, end_time=at, top=50)
        listed = [(-entry["freq"], first.get(entry["keyword"], at)) for entry in answer.json["keywords"]]
        if len(listed) < 50 and len(set(first.values())) > 1 and _tied(listed):
            kit.expect("cbs.K-ties", answer, listed, sorted(listed), "frequency and first use")


def _tied(listed: list[tuple[int, int]]) -> bool:
    """Whether words from different questions have the same frequency."""
    return any(len({at for f, at in listed if f == frequency}) > 1 for frequency, _ in listed)


def _repeated(values: list[Any]) -> list[Any]:
    """The values that occur more than once."""
    return [value for value in dict.fromkeys(values) if values.count(value) > 1]


@checks("cbs.K-distinct", "cbs.K-order", "cbs.K-empty", "cbs.D-8")
def test_keywords(kit: Kit) -> None:
    """Each keyword is listed once, in descending order of frequency."""
    cbs = Cbs.of(kit)
    answer = cbs.answer("keywords", **cbs.span.query, top=50)
    with kit.part("cbs.K-distinct"):
        named = [need(entry["keyword"]) for entry in answer.json["keywords"]]
        wrong = _repeated(named) + ([""] if "" in named else [])
        kit.expect("cbs.K-distinct", answer, wrong, [], "repeated and empty keywords")
    with kit.part("cbs.K-distinct", "cbs.K-order"):
        frequencies = [need(entry["freq"]) for entry in answer.json["keywords"]]
        expected, held = "frequencies of at least 1", all(n >= 1 for n in frequencies)
        kit.judge("cbs.K-distinct", answer, expected, str(frequencies), held=held)
        kit.expect("cbs.K-order", answer, frequencies, sorted(frequencies, reverse=True), "freq")
    nothing = cbs.answer("keywords", start_time=0, end_time=1)
    kit.expect("cbs.K-empty", nothing, nothing.json, {"keywords": []}, "body")
    none = cbs.get("keywords", query(**cbs.span.query, top=0))
    kit.expect("cbs.D-8", none, (none.status, none.json), (200, {"keywords": []}), "status and body")


@checks("cbs.K-sum")
def test_keyword_frequencies_add_up(kit: Kit) -> None:
    """Frequencies of adjacent ranges add up.

    The frequency of a word in a part is unknown, up to that of the last one, if the word is too rare to be
    listed there.
    """
    cbs = Cbs.of(kit)
    span = cbs.span
    middle = (span.start + span.end) // 2
    cuts = [middle, *(cut for at in cbs.instants for cut in (at - 1, at) if span.start <= cut < span.end)]
    answer = cbs.answer("keywords", **span.query, top=50)
    whole = {entry["keyword"]: entry["freq"] for entry in answer.json["keywords"]}
    if not whole:
        not_reached("no keyword was used")
    for cut in cuts:
        parts = []
        for start, end in ((span.start, cut), (cut + 1, span.end)):
            entries = cbs.read("keywords", start_time=start, end_time=end, top=50)["keywords"]
            unlisted = entries[-1]["freq"] if len(entries) == 50 else 0
            parts.append(({entry["keyword"]: entry["freq"] for entry in entries}, unlisted))
        if len(whole) < 50:
            new = sorted({word for part, _ in parts for word in part} - set(whole))
            kit.expect(
                "cbs.K-sum", answer, new, [], f"words of a part that the whole range lacks (cut at {cut})"
            )
        for word, frequency in whole.items():
            known = sum(part.get(word, 0) for part, _ in parts)
            missing = sum(unlisted for part, unlisted in parts if word not in part)
            kit.judge(
                "cbs.K-sum",
                answer,
                f"{word}: {known} to {known + missing} (cut at {cut})",
                str(frequency),
                held=known <= frequency <= known + missing,
            )
