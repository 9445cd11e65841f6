"""The keys, the project and the bot of these tests."""

AK, SK = "MOCKCBSAK", "mockcbs-secret-key"
PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
DAY = 86_400_000
