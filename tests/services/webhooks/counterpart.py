"""Another system that is told of events: a real HTTP server on this machine."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Counterpart:
    """`answers` are given one after another, then 204. Each is a status, "slow", "trickle" or a Location."""

    port: int = 0
    answers: list[Any] = field(default_factory=list)
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?town=1"


@contextmanager
def counterpart() -> Iterator[Counterpart]:
    other = Counterpart()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            other.told.append((dict(self.headers), body))
            answer = other.answers.pop(0) if other.answers else 204
            if answer == "slow":
                time.sleep(1.5)
                answer = 204
            if answer == "trickle":
                return self.trickle()
            self.send_response(answer if isinstance(answer, int) else 302)
            if not isinstance(answer, int):
                self.send_header("Location", answer)
            self.end_headers()
            return None

        do_GET = do_POST

        def trickle(self) -> None:
            try:
                for _ in range(30):
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    other.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield other
    finally:
        server.shutdown()
        server.server_close()
