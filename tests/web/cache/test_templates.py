"""Templates of cached responses."""

from mockcbs.web.cache.templates import Holes


def test_a_percent_sign_is_no_hole():
    """Bytes of a response that look like a gap of the template are not replaced."""
    holes = Holes({"x1": lambda *_: "y2"})

    template = holes.template(b'{"a":"100%","b":"%(0)b","id":"x1"}')

    assert template % holes.fill(0, "") == b'{"a":"100%","b":"%(0)b","id":"y2"}'
