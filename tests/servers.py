"""Tells by its exit code whether PostgreSQL and Redis of the tests answer."""

import os
import sys

import psycopg2
import redis


def main() -> int:
    database, broker = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    try:
        psycopg2.connect(database, dbname="postgres", connect_timeout=3).close()
        redis.from_url(broker, socket_connect_timeout=3).ping()
    except (psycopg2.OperationalError, redis.ConnectionError) as error:
        sys.stderr.write(
            f"PostgreSQL or Redis does not answer, so nothing was tested on them: {error}\n"
            "TEST_DATABASE_URL and TEST_REDIS_URL name other servers.\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
