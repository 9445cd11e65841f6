"""The pages under ``/_mockcbs/console``. They show responses of the APIs and compute no figures."""
