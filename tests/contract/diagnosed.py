"""What is said of a target that cannot be checked."""

from tests.cli.test_contract import contract_of


def sentence(service: str, url: str, *options: object) -> str:
    """What is said of a target that cannot be checked."""
    result = contract_of(f"--{service}", url, *options)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    return line.removeprefix("mockcbs: ").replace(url, "URL")
