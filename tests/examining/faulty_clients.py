"""Faulty clients for exams: each has one fault that real scripts have."""

from collections.abc import Callable
from dataclasses import dataclass

import requests

from tests.examining.clients import CBS, COZE, Rows, Words, coze_total
from tests.examining.faulty.failures import (
    code_is_not_read,
    doubled_on_retry,
    half_a_body,
    read_until_throttled,
    skips_failed_days,
    zero_on_error,
    zero_on_status,
)
from tests.examining.faulty.figures import (
    bad_days_dropped,
    filter_is_dropped,
    first_bot,
    floats,
    frequencies_as_text,
    mean_of_means,
    mean_of_rates,
    nobody_is_a_user,
    rarest_first,
    rounded_rates,
    sorted_by_name,
    sum_of_users,
    top_off_by_one,
    zero_is_nothing,
)
from tests.examining.faulty.paging import (
    first_page_only,
    five_pages,
    page_forgotten_on_retry,
    pages_from_zero,
    stops_before_the_last_page,
)
from tests.examining.faulty.remembering import adds_to_a_file, cached_by_path, cached_for_ever, cached_token
from tests.examining.faulty.spans import at_most_a_month, days_of_any_month, months_overlap
from tests.examining.faulty.times import (
    buckets_in_utc,
    days_by_prefix,
    days_of_24_hours,
    days_of_one_year,
    days_of_the_end,
    days_of_the_machine,
    days_of_utc,
    end_is_not_included,
    fraction_as_seconds,
    hours_of_one_day,
    last_bucket_lost,
    one_event_a_minute,
    range_in_local_time,
    range_in_utc,
    sign_lost,
    weeks_from_sunday,
)


@dataclass(frozen=True)
class Faulty:
    """A client with one fault, and the relation that shows it."""

    relation: str
    read: Callable[[Words], Rows]
    words: tuple[str, ...] = COZE
    is_slow: bool = False
    """Whether it takes seconds to find the smallest case."""


FAULTY = {
    "first page only": Faulty("pages", first_page_only),
    "a page is skipped": Faulty("pages", pages_from_zero),
    "stops before the last page": Faulty("pages", stops_before_the_last_page),
    "days of UTC": Faulty("zones", days_of_utc),
    "days of the machine": Faulty("machine-zone", days_of_the_machine),
    "range in local time": Faulty("machine-zone", range_in_local_time, CBS),
    "range in UTC": Faulty("zones", range_in_utc, CBS),
    "buckets in UTC": Faulty("zones", buckets_in_utc, CBS),
    "end is not included": Faulty("cuts", end_is_not_included, CBS),
    "mean of means": Faulty("days-week", mean_of_means, CBS),
    "mean of rates": Faulty("cuts", mean_of_rates),
    "sum of users": Faulty("service-figures", sum_of_users),
    "nobody is a user": Faulty("service-figures", nobody_is_a_user),
    "last bucket lost": Faulty("cuts", last_bucket_lost),
    "doubled on retry": Faulty("server-error", doubled_on_retry),
    "zero on 500": Faulty("server-error", zero_on_status(500)),
    "zero on 502": Faulty("server-error", zero_on_status(502)),
    "the code is not read": Faulty("error-code", code_is_not_read),
    "zero on 429": Faulty("throttled", zero_on_status(429)),
    "zero on 401": Faulty("expired-token", zero_on_status(401)),
    "zero on a reset": Faulty("reset", zero_on_error(coze_total, requests.ConnectionError)),
    "half a body": Faulty("truncated", half_a_body),
    "failed days are skipped": Faulty("server-error", skips_failed_days),
    "floats for counts": Faulty("whole-numbers", floats),
    "weeks from Sunday": Faulty("days-week", weeks_from_sunday, (*CBS, "granularity")),
    "cached for ever": Faulty("later-now", cached_for_ever),
    "cached token": Faulty("expired-token", cached_token, (*CBS[:1], *CBS[2:])),
    "sums kept between runs": Faulty("repeat", adds_to_a_file),
    "sorted by name": Faulty("top", sorted_by_name, (*CBS, "top")),
    "rarest first": Faulty("service-figures", rarest_first, (*CBS, "top")),
    "top off by one": Faulty("top", top_off_by_one, (*CBS, "top")),
    "five pages": Faulty("pages", five_pages),
    "the page is forgotten on retry": Faulty("server-error", page_forgotten_on_retry),
    "read until throttled": Faulty("throttled", read_until_throttled),
    "days of 24 hours": Faulty("machine-zone", days_of_24_hours),
    "days of the end": Faulty("zones", days_of_the_end, is_slow=True),
    "rounded rates": Faulty("service-figures", rounded_rates, is_slow=True),
    "one event a minute": Faulty("service-figures", one_event_a_minute),
    "cached by path": Faulty("cuts", cached_by_path),
    "hours of one day": Faulty("days-week", hours_of_one_day, (*COZE, "granularity")),
    "frequencies as text": Faulty("top", frequencies_as_text, (*CBS, "top"), is_slow=True),
    "days of one year": Faulty("days-week", days_of_one_year),
    "fraction as seconds": Faulty("zones", fraction_as_seconds, is_slow=True),
    "sign of the zone lost": Faulty("zones", sign_lost, CBS, is_slow=True),
    "days by prefix": Faulty("service-figures", days_by_prefix),
    "first bot": Faulty("other-bots", first_bot),
    "zero is nothing": Faulty("service-figures", zero_is_nothing),
    "bad days are dropped": Faulty("service-figures", bad_days_dropped, is_slow=True),
    "at most a month": Faulty("long-ranges", at_most_a_month, is_slow=True),
    "months overlap": Faulty("long-ranges", months_overlap, is_slow=True),
    "days of any month": Faulty("long-ranges", days_of_any_month, is_slow=True),
    "filter is dropped": Faulty("filters", filter_is_dropped, (*COZE, "user_id")),
}
