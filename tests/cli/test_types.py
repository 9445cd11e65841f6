"""What is said of values that an option does not accept: in our words, not in those of a library."""

import re

import pytest
from click.testing import CliRunner

from mockcbs.cli.main import cli


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("serve --port abc", "'abc' is not a whole number from 0 to 65535"),
        ("serve --port 99999", "'99999' is not a whole number from 0 to 65535"),
        ("serve --seed x", "'x' is not a whole number"),
        ("serve --memory 1.5", "'1.5' is not a whole number from "),
        ("serve --keep-alive soon", "'soon' is not a whole number from 1 to 86400"),
        ("contract --timeout soon", "'soon' is not a number of at least 0.1"),
        ("contract --timeout nan", "'nan' is not a number of at least 0.1"),
        ("serve --webhook-profile cozy", "'cozy' is not one of coze, standard; did you mean 'coze'?"),
        ("export --format cvs --bot x", "'cvs' is not one of csv, jsonl; did you mean 'csv'?"),
        ("contract --max-calls 0", "'0' is not a whole number of at least 1"),
        ("contract --max-rps inf", "'inf' is not a number of at least 0"),
        ("serve --sed 5", "mockcbs serve has no option --sed; did you mean '--seed'?"),
        ("routes --jsn", "mockcbs routes has no option --jsn; did you mean '--json'?"),
        ("routes --qqqqqqq", "mockcbs routes has no option --qqqqqqq; mockcbs routes --help lists them"),
    ],
)
def test_wrong_values(command, said):
    """The wrong value and the accepted ones are named, and what was probably meant."""
    done = CliRunner().invoke(cli, command.split(), prog_name="mockcbs")

    assert done.exit_code == 2
    assert said in done.output
    assert not re.search("valid (integer|float)|range|Choose from", done.output)
