"""A client of Coze that checks the shape of every response."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from mockcbs.contract import coze_agreement as agreement
from mockcbs.contract.client import Client
from mockcbs.contract.coze_figures import Row, is_busy, local
from mockcbs.contract.coze_filled import fill, with_starts
from mockcbs.contract.coze_schemas import SCHEMAS
from mockcbs.contract.kit import Kit, NotApplicableError, NotReachedError, not_reached
from mockcbs.contract.lacking import Lacking, known, mended, need
from mockcbs.contract.shapes import leaves, problems, repeated
from mockcbs.contract.targets import Answer, Call, query
from mockcbs.core.clock import real_now
from mockcbs.services.coze.envelope import SHANGHAI

FIRST_DAY = date(2023, 1, 1)
MAX_DAYS = 180
"""The longest range for which Coze sends daily rows, in days."""
LARGEST_PAGE = 100

_RATE = re.compile(r"0(\.\d{1,4})?|1(\.0{1,4})?")
_MEAN = re.compile(r"(0|[1-9]\d*)(\.\d{1,2})?")
_IN_PATH = re.compile(r"/(bots|workflows|conversations|messages|run_histories|execute_nodes)/[^/]+")
_SUCCESS = "coze.shape.success"
_NO_SUCH_OPERATION = {(404, 4000), (405, 4000)}
_SPAN = 45
_WEEK = 7
_MAX_EVENTS = 1500
_MAX_TRACED_DAYS = 3


class Coze(Client):
    """The operations of one account, mainly on one bot and one workflow."""

    page: Answer
    """The page of raw events that was read last."""
    traced_page: Answer
    """The last page of the raw events of the traced days."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.bot = f"/v1/bots/{kit.coze_bot_id}"
        self._answers: dict[tuple[str, str], Answer] = {}
        self._served: dict[tuple[str, str], bool] = {}

    # Requests

    def get(self, path: str, query_text: str = "", **options: Any) -> Answer:
        """Send a GET request; *query_text* must be encoded already."""
        return self.kit.call("coze", options.pop("method", "GET"), path, query_text, **options)

    def post(self, path: str, content: Any = None, query_text: str = "", **options: Any) -> Answer:
        """Send a POST request with a JSON body, or without a body."""
        body = b"" if content is None else json.dumps(content, ensure_ascii=False, default=str).encode()
        return self.kit.call("coze", options.pop("method", "POST"), path, query_text, body=body, **options)

    @property
    def workflow(self) -> str:
        """The path of the workflow; raises `NotApplicableError` if none is given."""
        if not self.kit.coze_workflow_id:
            raise NotApplicableError("no workflow is given (MOCKCBS_CONTRACT_COZE_WORKFLOW_ID)")
        return f"/v1/workflows/{self.kit.coze_workflow_id}"

    def may_write(self) -> None:
        """End the check unless calls may change the target."""
        self.kit.must_write()

    # Verdicts

    def good(self, shape: str, answer: Answer, member: str = "data") -> Any:
        """The content of a response that should be a success, after a check of its shape."""
        content = self.succeeded(answer)
        if isinstance(content, Lacking):
            return content
        if shape == "run" or not member:
            return self._fits(shape, answer, content)
        content[member] = self._fits(shape, answer, content.get(member))
        return content[member]

    def each(self, shape: str, answer: Answer) -> list[Any]:
        """The content of a response that should be a success and whose ``data`` is an array."""
        found = self.succeeded(answer).get("data")
        need(found)
        if not isinstance(found, list):
            self.kit.expect(f"coze.shape.{shape}", answer, type(found).__name__, "list", "data")
            not_reached(f"{answer.call.path}: data is not an array")
        found[:] = [self._fits(shape, answer, item) for item in found]
        self._once(answer, found)
        return found

    def succeeded(self, answer: Answer) -> Any:
        """The content of a response that should be a success; marked as missing if it is an error."""
        try:
            content = answer.json
            code = content["code"]
        except (ValueError, KeyError, TypeError):
            content, code = {}, None
        if _is_unknown_path(answer):
            raise NotApplicableError(f"the target does not serve {answer.call.path}")
        found, good = [answer.status, code], [200, 0]
        is_good = self.kit.expect("coze.shape.success", answer, found, good, "status and code")
        if is_good or code == 0 or "data" in content:  # an error has no data
            return content
        reason = f"the response of {_tail(answer.call.path)} is HTTP {answer.status}, code {code}"
        answer.mend(Lacking(f"{reason} ({_SUCCESS})", _SUCCESS, is_part=True))
        return answer.json

    def bare(self, shape: str, answer: Answer) -> Any:
        """The content of a response that should be a success and has no envelope."""
        self.need(answer)
        is_good = self.kit.expect("coze.shape.success", answer, answer.status, 200, "status")
        if not is_good and problems(SCHEMAS[shape], answer.json)[0]:
            reason = f"the response of {_tail(answer.call.path)} is HTTP {answer.status} ({_SUCCESS})"
            return Lacking(reason, _SUCCESS, is_part=True)
        answer.mend(self._fits(shape, answer, answer.json))
        return answer.json

    def serves(self, path: str, query_text: str = "") -> bool:
        """Whether the target responds to a valid request with a success."""
        if (path, query_text) not in self._served:
            self._served[path, query_text] = not _is_unknown_path(self.get(path, query_text))
        return self._served[path, query_text]

    def need(self, answer: Answer) -> None:
        """End the check if the target does not serve the operation: all its calls get the same error."""
        if _is_unknown_path(answer):
            operation = _operation(answer.call)
            others = (one for _, _, one in self.kit.heard if _operation(one.call) == operation)
            if all(_is_unknown_path(one) for one in others):
                raise NotApplicableError(f"the target does not serve {answer.call.path}")

    def refused(self, clause: str, answer: Answer, status: int, code: int) -> None:
        """Check that a call failed with the status and code that *clause* states."""
        if (status, code) not in _NO_SUCH_OPERATION:
            self.need(answer)
        content = answer.json
        found = [answer.status, content.get("code"), "data" in content]
        self.kit.expect(clause, answer, found, [status, code, False], "status, code, has data")

    def _fits(self, shape: str, answer: Answer, found: Any) -> Any:
        wrong, unknown = problems(SCHEMAS[shape], found)
        if shape in {"analytics", "logs"}:
            self.kit.expect("coze.shape.extra", answer, unknown, [], "members not in the contract")
        clause = f"coze.shape.{shape}"
        self.kit.expect(clause, answer, wrong[:5], [], "problems")
        self._once(answer, found)
        self._agrees(shape, answer, found, is_right=not wrong)
        return mended(SCHEMAS[shape], found, _tail(answer.call.path), clause) if wrong else found

    def _agrees(self, shape: str, answer: Answer, found: Any, *, is_right: bool) -> None:
        """Check that the members agree with each other, with the request and with the time."""
        expect, future = self.kit.expect, agreement.later(found, self.kit.present(answer))
        expect("coze.shape.past", answer, future[:3], [], "times in the future")
        expect(
            "coze.shape.named",
            answer,
            agreement.misnamed(answer, shape, found)[:3],
            [],
            "ids other than requested",
        )
        if not is_right:
            return
        expect("coze.shape.counted", answer, agreement.counted(answer, found), [], "problems")
        if shape == "analytics":
            problems = list(agreement.disagreeing(answer, found))
            expect("coze.shape.agreeing", answer, problems[:3], [], "problems")

    def _once(self, answer: Answer, found: Any) -> None:
        self.kit.expect("coze.shape.once", answer, list(repeated(found))[:3], [], "listed twice")

    # Analytics

    def analytics(self, path: str = "", *, fresh: bool = False, **parameters: Any) -> Answer:
        """The response to valid parameters; a repeated request is not sent again unless *fresh*."""
        where, text = f"{path or self.bot}/analytics", query(**parameters)
        if not fresh and (where, text) in self._answers:
            return self._answers[where, text]
        answer = self.get(where, text)
        self._numbers(answer, self.good("analytics", answer))
        self._answers[where, text] = answer
        return answer

    def days_of(self, first: date, last: date, path: str = "", **parameters: Any) -> Answer:
        """The response for a range of days."""
        return self.analytics(path, start_date=first, end_date=last, **parameters)

    def _numbers(self, answer: Answer, data: dict[str, Any]) -> None:
        rates, means = [], []
        for name, value in leaves(data):
            member, text = name.rpartition(".")[2], getattr(value, "text", str(value))
            if member.endswith("_rate") and not _RATE.fullmatch(text):
                rates.append(f"{name} = {text}")
            elif member.startswith("avg_") and not _MEAN.fullmatch(text):
                means.append(f"{name} = {text}")
        self.kit.expect("coze.number.rates", answer, rates[:3], [], "rates with a wrong format")
        self.kit.expect("coze.number.means", answer, means[:3], [], "means with a wrong format")

    @cached_property
    def now(self) -> datetime:
        """The current time of the target, in the time zone of Coze's days."""
        at = real_now() + self.kit.ahead if self.kit.now is None else self.kit.now
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(SHANGHAI)

    @property
    def today(self) -> date:
        """The current day of the target."""
        day = self.now.date()
        if day - timedelta(_WEEK) < FIRST_DAY:
            raise NotApplicableError(f"the target's clock is before {FIRST_DAY}, when the statistics begin")
        return day

    @cached_property
    def span(self) -> tuple[date, date]:
        """The first and last day of a past range with calls, of at most 45 days."""
        first = max(self.today - timedelta(MAX_DAYS - 1), FIRST_DAY)
        rows = known(self.days_of(first, self.today, granularity="day").json["data"]["metrics"], None)
        if rows is None:
            return self._span_of_events(first)
        labels = [first + timedelta(place) for place in range(len(rows))]
        dates = [row.get("date") for row in rows]
        if sorted(map(str, dates)) == [day.isoformat() for day in labels]:
            labels = [date.fromisoformat(text) for text in dates]  # the target may send them in any order
        days = sorted(day for day, row in zip(labels, rows, strict=True) if is_busy(row))
        over = [day for day in days if day < self.today] or days
        if not over:
            not_reached("the bot has no traffic")
        return max(over[0], over[-1] - timedelta(_SPAN - 1)), over[-1]

    def _span_of_events(self, first: date) -> tuple[date, date]:
        """The span according to the raw events, for a target without daily rows."""
        total = known(self.total(first, self.today), 0)
        if not total:
            return max(first, self.today - timedelta(_SPAN)), self.today - timedelta(1)
        pages = (
            self.logs(start_date=first, end_date=self.today, page_num=page, page_size=1)
            for page in (1, total)
        )
        low, high = (local(need(page["items"])[0]["trigger_time"]).date() for page in pages)
        return max(low, high - timedelta(_SPAN - 1)), high

    @property
    def past(self) -> tuple[date, date]:
        """The span, or the last week if the bot has no calls."""
        try:
            return self.span
        except NotReachedError:
            return self.today - timedelta(_WEEK), self.today - timedelta(1)

    @property
    def recent(self) -> tuple[date, date]:
        """The last few days of the span."""
        first, last = self.past
        return max(first, last - timedelta(_MAX_TRACED_DAYS - 1)), last

    @cached_property
    def traced(self) -> tuple[date, date]:
        """The first and last of a few days with calls whose raw events can all be read.

        They are the last days of the span, or lie around its latest day with failures: only failures tell
        some rules apart. If possible there are two at least, as others need a user who comes on both.
        """
        first, last = self.span
        low = high = self._failing_day or last
        while (high - low).days < _MAX_TRACED_DAYS - 1:
            wider = (low, high + timedelta(1)) if high < last else (low - timedelta(1), high)
            limit = 2 * _MAX_EVENTS if low == high else _MAX_EVENTS
            if wider[0] < first or known(self.total(*wider), 0) > limit:
                break
            low, high = wider
        if known(self.total(low, high), 0) > 2 * _MAX_EVENTS:
            not_reached("each day has too many events to read them all")
        return low, high

    @property
    def _failing_day(self) -> date | None:
        """The latest day of the span with failed calls, by the daily rows, if all its events can be read."""
        first, last = self.span
        rows = known(self.days_of(first, last, granularity="day").json["data"]["metrics"], [])
        failing = [place for place, row in enumerate(rows) if row.get("error_rate")]
        is_whole = len(rows) == (last - first).days + 1
        if not failing or not is_whole:
            return None
        day = first + timedelta(failing[-1])
        return day if known(self.total(day, day), 0) <= _MAX_EVENTS else None

    # Raw events

    def logs(self, path: str = "", **parameters: Any) -> dict[str, Any]:
        """A page of raw events."""
        self.page = self.get(f"{path or self.bot}/analytics/logs", query(**parameters))
        data: dict[str, Any] = self.good("logs", self.page)
        fill(data["items"])
        return data

    def total(self, first: date, last: date, path: str = "", **parameters: Any) -> int:
        """The number of raw events in a range of days."""
        total: int = self.logs(path, start_date=first, end_date=last, page_size=1, **parameters)["total"]
        return total

    def events(self, first: date, last: date, path: str = "", **parameters: Any) -> list[Row]:
        """All raw events of a range of days."""
        found: list[Row] = []
        for page in range(1, 2 * _MAX_EVENTS // LARGEST_PAGE + 2):
            data = self.logs(
                path, start_date=first, end_date=last, page_num=page, page_size=LARGEST_PAGE, **parameters
            )
            found += need(data["items"])
            if not data["items"] or not known(data["has_more"], len(data["items"]) == LARGEST_PAGE):
                return with_starts(found)
        return not_reached("the pages of the raw events do not end")

    @cached_property
    def traced_events(self) -> list[Row]:
        """All raw events of the traced days."""
        events = self.events(*self.traced)
        self.traced_page = self.page
        return events

    @cached_property
    def workspace_id(self) -> str:
        """The workspace that the user named, else the first of the account."""
        given = self.kit.coze_workspace_id
        listed = self.good("workspaces", self.get("/v1/workspaces"))["workspaces"]
        ids = [one["id"] for one in known(listed, [])]
        if given and given in [
            known(one, given) for one in (ids or [listed])
        ]:  # the first one whose id can be read
            return given
        if not need(ids or listed):
            not_reached("the account has no workspace")
        workspace_id = str(ids[0])
        self.kit.mask.add(workspace_id, "{workspace_id}")
        return workspace_id


def _is_unknown_path(answer: Answer) -> bool:
    """Whether the response is the error for an unknown path."""
    try:
        return bool(answer.status == 404 and answer.parsed()["code"] == 4000)
    except (ValueError, KeyError, TypeError):
        return answer.status == 404


def _tail(path: str) -> str:
    """*path* without long ids, which a report must not show."""
    return re.sub(r"\d{6,}", "{id}", path)


def _operation(call: Call) -> tuple[str, str]:
    """The method and the path without ids."""
    return call.method, _IN_PATH.sub(r"/\1/{}", call.path.rstrip("/"))
