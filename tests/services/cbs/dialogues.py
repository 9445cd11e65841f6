"""What dialogues of the tests are about."""

from mockcbs.datasets.load import load

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
OFFICE = load("everyday").knowledge
