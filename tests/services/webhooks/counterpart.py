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


class Handler(BaseHTTPRequestHandler):
    """Answers as the counterpart of its server says."""

    other: Counterpart

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.other.told.append((dict(self.headers), body))
        answer = self.other.answers.pop(0) if self.other.answers else 204
        if answer == "trickle":
            self.trickle()
        else:
            self.reply(answer)

    do_GET = do_POST

    def reply(self, answer: Any) -> None:
        if answer == "slow":
            time.sleep(1.5)
            answer = 204
        try:
            self.send_response(answer if isinstance(answer, int) else 302)
            if not isinstance(answer, int):
                self.send_header("Location", answer)
            self.end_headers()
        except OSError:
            return

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


@contextmanager
def counterpart() -> Iterator[Counterpart]:
    other = Counterpart()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"other": other}))
    server.daemon_threads = True
    other.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield other
    finally:
        server.shutdown()
        server.server_close()
