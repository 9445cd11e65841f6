"""Users and bots of a team."""

from tests.services.coze.conftest import BOT

USER, OTHER = "2478774393259991", "2478774393259992"
DIGITS = "7439828073344200001"
TEAM_BOT = f"/v1/bots/{BOT}"
