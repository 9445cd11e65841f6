"""Servers whose hot questions or keywords are right but for one small thing."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from mockcbs.services.cbs import statistics
from tests.contract.deviations import HOTS, WORDS, edit, query_changed, replaced, top_level
from tests.contract.mutants import After, Environ, Mutant, Response


def _reversed_list(name: str, operation: str) -> After:
    @edit(operation)
    def after(content: Any, _: Response) -> None:
        content[name].reverse()

    return after


@edit(HOTS)
def _least_hot_first(content: Any, response: Response) -> None:
    everything = response.ask(urlencode({**response.query, "top": "20"}))["questions"][::-1]
    content["questions"] = everything[: int(response.query.get("top", "10"))]


@edit(HOTS)
def _domain_ignored(content: Any, response: Response) -> None:
    if "domain" in response.query:
        rest = {name: value for name, value in response.query.items() if name != "domain"}
        content["questions"] = response.ask(urlencode(rest))["questions"]


def _ties_by_text(original: Any) -> Any:
    """Of questions hit as often, the one that reads first."""

    def hot_questions(bot: Any, asked: Any, query: Any) -> Any:
        listed = original(bot, asked, {**query, "top": 10**6})["questions"]
        said, hits = list(bot.repertoire), Counter[str]()
        for number, count in statistics._said(bot, asked, "direct"):
            if pair := said[number].pair:
                hits[pair.pair_id] += count
        listed.sort(key=lambda question: (-hits[question["qa_pair_id"]], question["st_question"]))
        return {"questions": listed[: query["top"]]}

    return hot_questions


def _word_counts_questions_once(content: Any, response: Response) -> None:
    for place, row in enumerate(content["keywords"]):
        row["freq"] += 1 if place == 0 and "start_time" in response.query else 0


@edit(HOTS)
def _repeated(content: Any, response: Response) -> None:
    listed = content["questions"]
    if 0 < len(listed) < int(response.query.get("top", "10")):
        listed.append(listed[0])


@edit(HOTS)
def _by_name(content: Any, response: Response) -> None:
    everything = response.ask(urlencode({**response.query, "top": "20"}))["questions"]
    content["questions"] = sorted(everything, key=lambda q: q["st_question"])[: len(content["questions"])]


@edit(WORDS)
def _words_by_name(content: Any, response: Response) -> None:
    query = {**response.query, "top": "50"}
    everything = response.ask(urlencode(query))["keywords"]
    ranked = sorted(everything, key=lambda word: (-word["freq"], word["keyword"]))
    content["keywords"] = ranked[: len(content["keywords"])]


@edit(WORDS)
def _word_for_nothing(content: Any, _: Response) -> None:
    content["keywords"] = content["keywords"] or [{"keyword": "无", "freq": 1}]


@edit(HOTS)
def _ids_descend(content: Any, response: Response) -> None:
    """Ties of hot questions the other way round: of those hit once, in a short range."""
    query = response.query
    if int(query.get("end_time", 0)) - int(query.get("start_time", 0)) < 6 * 3_600_000:
        content["questions"].sort(key=lambda q: q["qa_pair_id"], reverse=True)


@edit(HOTS)
def _recommended_are_hot(content: Any, response: Response) -> None:
    """What was recommended counts as a hit, too: something is hot whenever something was asked."""
    if (
        not content["questions"]
        and response.query.get("start_time") not in {None, "0"}
        and "domain" not in response.query
    ):
        content["questions"] = response.ask("top=1")["questions"]


def _domain_prefix(environ: Environ) -> None:
    """A category found by a piece of its name."""
    names = ("桌面云", "费用与发票", "账号与密码", "网络与VPN", "办公设备", "请假与考勤")

    def change(query: dict[str, str]) -> None:
        asked = query.get("domain", "")
        if asked and (full := [name for name in names if name.startswith(asked)]):
            query["domain"] = full[0]

    query_changed(change, HOTS)(environ)


"""Servers whose gateway or IAM is right but for one small thing: headers, methods, credentials, parameters."""


LISTS = [
    # lists
    Mutant("hot questions of as many hits are sorted by text", "cbs.Q-ties", patched=replaced("hot_questions", _ties_by_text)),
    Mutant("eleven hot questions by default", "cbs.hots-top", before=query_changed(lambda q: q.setdefault("top", "11"), HOTS)),
    Mutant("nine keywords by default", "cbs.keywords-top", before=query_changed(lambda q: q.setdefault("top", "9"), WORDS)),
    Mutant("the least hot come first", "cbs.Q-order", after=_least_hot_first),
    Mutant("hot questions in any order", "cbs.Q-top", after=_reversed_list("questions", HOTS)),
    Mutant("hot questions ignore domain", "cbs.Q-domain", after=_domain_ignored),
    Mutant("hot questions ignore the range", "cbs.Q-empty", before=query_changed(lambda q: (q.pop("start_time", 0), q.pop("end_time", 0)) if q.get("start_time") == "0" and q.get("end_time") == "1" else None, HOTS)),
    Mutant("top of hot questions is ignored", "cbs.Q-top", before=query_changed(lambda q: q.update(top="20") if q.get("top") == "5" else None, HOTS)),
    Mutant("keywords ascend", "cbs.K-order", after=_reversed_list("keywords", WORDS)),
    Mutant("keywords are repeated", "cbs.K-distinct", after=edit(WORDS)(lambda c, _: c["keywords"].extend(c["keywords"][:1]))),
    Mutant("frequencies are off by one", "cbs.K-sum", after=edit(WORDS)(_word_counts_questions_once)),
    Mutant("keywords is null when empty", "cbs.shape-keywords", after=top_level("keywords", lambda c, _: c["keywords"] or None, WORDS)),
    Mutant("the hottest question is repeated", "cbs.Q-distinct", after=_repeated),
    Mutant("hot questions are sorted by name", "cbs.Q-order", after=_by_name),
    Mutant("hot questions of as many hits are sorted backwards", "cbs.Q-ties", after=_ids_descend),
    Mutant("what is recommended is hot", "cbs.Q-direct", after=_recommended_are_hot),
    Mutant("a category is found by a piece of its name", "cbs.Q-domain", before=_domain_prefix),
    Mutant("never more than five hot questions", "cbs.Q-direct", before=query_changed(lambda q: q.update(top=str(min(5, int(q.get("top", "10"))))) if q.get("top", "1").isdigit() and q.get("top") not in {"0", "21", "99999999999"} else None, HOTS)),
    Mutant("never more than ten keywords", "cbs.K-sum", before=query_changed(lambda q: q.update(top=str(min(10, int(q.get("top", "10"))))) if q.get("top", "1").isdigit() and q.get("top") not in {"51", "99999999999"} else None, WORDS)),
    Mutant("twenty hot questions by default", "cbs.hots-top", before=query_changed(lambda q: q.setdefault("top", "20"), HOTS)),
    Mutant("one keyword more than asked for", "cbs.K-top", before=query_changed(lambda q: q.update(top=str(int(q["top"]) + 1)) if q.get("top") in {"1", "2", "5", "20"} else None, WORDS)),
    Mutant("keywords of the same frequency are sorted by name", "cbs.K-ties", after=_words_by_name),
    Mutant("silence has a keyword", "cbs.K-empty", after=_word_for_nothing),
    Mutant("exclude is true by default", "cbs.hots-exclude", after=edit(HOTS)(lambda c, r: {"questions": c["questions"][1:]} if "exclude" not in r.query else None)),
    Mutant("top=0 lists every keyword", "cbs.D-8", before=query_changed(lambda q: q.update(top="50") if q.get("top") == "0" else None, WORDS)),
]  # fmt: skip
