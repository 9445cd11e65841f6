"""Greetings, and the hours in which users say them."""

from mockcbs.traffic.words.greetings import good_day, greeting, hours_of


def test_greetings_fit_the_hour():
    """Users say 早上好 in the morning only, and 晚上好 in the evening only."""
    for hour in range(24):
        said = {greeting(hour, number) for number in range(6)} | {
            good_day(hour, number) for number in range(6)
        }

        assert ("早上好" in said) == ("good morning" in said and hour < 11) == (5 <= hour < 11)
        assert ("晚上好" in said) == ("good evening" in said) == (hour >= 18)
        assert all(hours_of(text) is None or hour in hours_of(text) for text in said)
