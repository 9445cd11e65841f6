"""unittest: one mock a test, entered in setUp."""

import unittest

from client import UnavailableError, sessions

from mockcbs import Mock

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"


class SessionsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.mock = self.enterContext(Mock(dataset="documented-week"))

    def test_the_figure(self) -> None:
        self.assertEqual(sessions(PROJECT, BOT, "any-token"), 122)

    def test_an_outage(self) -> None:
        self.mock.scenario("outage")

        with self.assertRaises(UnavailableError):
            sessions(PROJECT, BOT, "any-token")
        self.mock.verify(status=502, count=3)


if __name__ == "__main__":
    unittest.main()
