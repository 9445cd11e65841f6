"""The pages under ``/_mockcbs/console``. They show what the APIs answer, and compute no figure themselves."""
