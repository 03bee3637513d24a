"""Server: the web page over HTTP on this machine, and the ports it may be found at."""

import errno
import signal
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

DEFAULT_PORT = 8321
_TRIES = 20


class PortTaken(Exception):
    """Nobody can listen there; the message says why and what to do."""


def free_port(host: str, wanted: int | None) -> int:
    """``wanted``, or the first free port from the usual one on. Raises PortTaken."""
    candidates = [wanted] if wanted is not None else range(DEFAULT_PORT, DEFAULT_PORT + _TRIES)
    for port in candidates:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                why = error.strerror or str(error)
                raise PortTaken(f"cannot listen on {host}:{port}: {why}") from error
            return port
    raise PortTaken(f"{host}:{wanted or DEFAULT_PORT} is taken; choose another with --port")


def serve(page: "FastAPI", host: str, port: int) -> None:
    """Serve until interrupted or told to end. Open streams are closed, so that stopping takes no
    time."""
    import uvicorn

    # The server ends by itself and then raises the signal again, which would end the process
    # before anybody has put the work away.
    signal.signal(signal.SIGTERM, lambda *_: None)

    config = uvicorn.Config(
        page, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2
    )
    uvicorn.Server(config).run()
