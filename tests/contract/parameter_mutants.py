"""Servers that take or refuse parameters rightly but for one small thing."""

import re
from urllib.parse import unquote

from tests.contract.deviations import (
    BOTH,
    HOTS,
    RATES,
    STATS,
    WORDS,
    body,
    member,
    on_error,
    only_in,
    query_changed,
    status,
    when,
)
from tests.contract.mutants import Before, Environ, Mutant


def accepting(**parameters: str) -> Before:
    """Bad values of some parameters taken for good ones."""
    good = {
        "interval": "day",
        "time_zone": "UTC",
        "start_time": "0",
        "end_time": "1",
        "top": "10",
        "exclude": "false",
    }

    def change(query: dict[str, str]) -> None:
        for name, pattern in parameters.items():
            if re.fullmatch(pattern, query.get(name, "")):
                query[name] = good[name]

    return query_changed(change)


def _truthy(environ: Environ) -> None:
    text = unquote(environ["QUERY_STRING"])
    if "domain=mockcbs-" in text:
        environ["QUERY_STRING"] = "interval=no&" + environ["QUERY_STRING"]


PARAMETERS = [
    # refusals
    Mutant("unknown intervals are taken for days", "cbs.bad-interval", before=accepting(interval="hour|minute|quarter")),
    Mutant("intervals in any letter case", "cbs.interval-case", before=accepting(interval="DAY|Week")),
    Mutant("IANA zones are accepted", "cbs.bad-zone", before=accepting(time_zone="Asia/Shanghai")),
    Mutant("an unencoded plus is accepted", "cbs.D-6", before=accepting(time_zone=" 08:00")),
    Mutant("zones beyond 18 hours are accepted", "cbs.bad-zone", before=accepting(time_zone=r"[+-]1[89]:.*")),
    Mutant("negative instants are accepted", "cbs.bad-time", before=accepting(start_time="-1", end_time="-1")),
    Mutant("fractions of instants are accepted", "cbs.bad-time", before=accepting(start_time=r"1\.5", end_time=r"1\.5")),
    Mutant("instants of any length are accepted", "cbs.bad-time", before=accepting(start_time=r"\d{19,}", end_time=r"\d{19,}")),
    Mutant("reversed ranges are empty, not wrong", "cbs.reversed", before=query_changed(lambda q: q.update(start_time="0", end_time="1") if q.get("start_time") == "1613059200001" else None)),
    Mutant("top=0 of hot questions is accepted", "cbs.hots-top", before=query_changed(lambda q: q.update(top="1") if q.get("top") == "0" else None, HOTS)),
    Mutant("top=21 of hot questions is accepted", "cbs.hots-top", before=query_changed(lambda q: q.update(top="20") if q.get("top") == "21" else None, HOTS)),
    Mutant("top=51 of keywords is accepted", "cbs.keywords-top", before=query_changed(lambda q: q.update(top="50") if q.get("top") == "51" else None, WORDS)),
    Mutant("top=0 of keywords is refused", "cbs.D-8", before=query_changed(lambda q: q.update(top="99") if q.get("top") == "0" else None, WORDS)),
    Mutant("exclude may be yes", "cbs.hots-exclude", before=accepting(exclude="yes")),
    Mutant("eleven domain ids are accepted", "cbs.domain-ids", before=query_changed(lambda q: q.update(domain_id="a") if q.get("domain_id", "").count(";") == 10 else None, HOTS)),
    Mutant("a bad parameter is 422", "cbs.bad-time", after=on_error("CBS.0021", status(422))),
    Mutant("a bad parameter names itself", "cbs.bad-parameter", after=on_error("CBS.0021", member("error_msg", "start_time: invalid"))),
    Mutant("a bad parameter has a code without prefix", "cbs.bad-parameter", after=on_error("CBS.0021", member("error_code", "0021"))),
    Mutant("a bad parameter is in the envelope of the gateway", "http.service-envelope", after=on_error("CBS.0021", member("request_id", "1"))),
    Mutant("a bad parameter is answered with 200", "cbs.bad-interval", after=on_error("CBS.0021", status(200))),
    Mutant("an unknown bot is 404", "cbs.D-13", after=on_error("CBS.2114", status(404))),
    Mutant("an unknown category is an error", "cbs.shape-success", before=_truthy),
    Mutant("a bad parameter ends in a full stop", "cbs.bad-parameter", after=on_error("CBS.0021", member("error_msg", "request parameter error."))),
    Mutant("an unknown bot has another text", "cbs.D-13", after=on_error("CBS.2114", member("error_msg", "bot not exist"))),
    Mutant("an unknown bot is 200", "cbs.D-13", after=on_error("CBS.2114", status(200))),
    Mutant("top=1 of hot questions is too little", "cbs.hots-top", before=query_changed(lambda q: q.update(top="0") if q.get("top") == "1" else None, HOTS)),
    Mutant("top=50 of keywords is too much", "cbs.keywords-top", before=query_changed(lambda q: q.update(top="51") if q.get("top") == "50" else None, WORDS)),
    # parameters
    Mutant("hot questions accept any start", "cbs.bad-time", before=only_in(HOTS, accepting(start_time="abc"))),
    Mutant("keywords accept an end with a point", "cbs.bad-time", before=only_in(WORDS, accepting(end_time=r"1\.5"))),
    Mutant("session-stats accept a signed start", "cbs.bad-time", before=only_in(STATS, accepting(start_time=r"\+1"))),
    Mutant("reply-rates accept digits of full width", "cbs.bad-time", before=only_in(RATES, accepting(end_time="１２"))),
    Mutant("reply-rates accept any zone", "cbs.bad-zone", before=only_in(RATES, accepting(time_zone="Mars"))),
    Mutant("zones without colon are accepted", "cbs.bad-zone", before=accepting(time_zone=r"\+0800")),
    Mutant("Z is a zone", "cbs.bad-zone", before=accepting(time_zone="Z")),
    Mutant("zones end at 14:00", "cbs.zone-limits", before=query_changed(lambda q: q.update(time_zone="no") if q.get("time_zone", "")[1:3] == "18" else None, *BOTH)),
    Mutant("zones end at 17:59", "cbs.zone-limits", before=query_changed(lambda q: q.update(time_zone="no") if q.get("time_zone", "")[1:] == "18:00" else None, *BOTH)),
    Mutant("zones begin at -17:59", "cbs.zone-limits", before=query_changed(lambda q: q.update(time_zone="no") if q.get("time_zone") == "-18:00" else None, *BOTH)),
    Mutant("2^63-1 is too late", "cbs.time-limits", before=query_changed(lambda q: q.update(end_time="no") if q.get("end_time") == str(2**63 - 1) else None)),
    Mutant("utc must be in upper case", "cbs.zone-limits", before=query_changed(lambda q: q.update(time_zone="no") if q.get("time_zone") == "utc" else None, *BOTH)),
    Mutant("instants end in the year 9999", "cbs.time-limits", before=query_changed(lambda q: q.update(end_time="no") if len(q.get("end_time", "")) > 15 else None)),
    Mutant("leading zeros are bad", "cbs.time-limits", before=query_changed(lambda q: q.update(start_time="no") if q.get("start_time", "").startswith("00") else None)),
    Mutant("the future is bad", "cbs.shape-success", before=query_changed(lambda q: q.update(end_time="no") if q.get("end_time", "0") > "1795305600001" and len(q["end_time"]) == 13 else None, *BOTH)),
    Mutant("hours are an interval of reply-rates", "cbs.bad-interval", before=only_in(RATES, accepting(interval="hour"))),
    Mutant("reply-rates know no years", "cbs.D-3", before=only_in(RATES, query_changed(lambda q: q.update(interval="no") if q.get("interval") == "year" else None))),
    Mutant("blanks around an interval are trimmed", "cbs.interval-case", before=accepting(interval=" month")),
    Mutant("reversed ranges are turned round in keywords", "cbs.reversed", before=only_in(WORDS, query_changed(lambda q: q.update(start_time="0") if q.get("start_time") == "1613059200001" else None))),
    Mutant("top of hot questions may have a point", "cbs.hots-top", before=query_changed(lambda q: q.update(top="1") if q.get("top") == "1.5" else None, HOTS)),
    Mutant("a negative top means all", "cbs.keywords-top", before=query_changed(lambda q: q.update(top="50") if q.get("top") == "-1" else None, WORDS)),
    Mutant("top=20 of hot questions is too much", "cbs.hots-top", before=query_changed(lambda q: q.update(top="99") if q.get("top") == "20" and q.get("end_time") == "1" else None, HOTS)),
    Mutant("TRUE is a flag", "cbs.hots-exclude", before=accepting(exclude="TRUE")),
    Mutant("domain ids may not be repeated", "cbs.D-9", after=when(lambda r: r.environ["QUERY_STRING"].count("domain_id=") > 1, status(400))),
    Mutant("an unknown category of hot questions is bad", "cbs.shape-success", after=when(lambda r: r.path.endswith(HOTS) and r.query.get("domain", "").startswith("mockcbs-"), status(400))),
    Mutant("an unknown category id is bad", "cbs.shape-success", after=when(lambda r: r.path.endswith(HOTS) and r.query.get("domain_id", "").startswith("mockcbs-"), status(400))),
    Mutant("ten domain ids are too many", "cbs.domain-ids", before=query_changed(lambda q: q.update(top="no") if q.get("domain_id", "").count(",") == 9 else None, HOTS)),
    Mutant("an unknown bot is CBS.3254", "cbs.D-13", after=on_error("CBS.2114", body(b'{"error_code":"CBS.3254","error_msg":"RESOURCE_NOT_EXIST_EXCEPTION"}'))),
]  # fmt: skip
