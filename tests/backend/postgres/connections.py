"""Connections that another client ends."""

import psycopg


def end_connections(url) -> None:
    with psycopg.connect(url.partition("?")[0], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'mockcbs' AND pid <> pg_backend_pid()"
        )
