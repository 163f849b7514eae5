"""A web site on loopback that behaves as badly as asked; in a thread of its own."""

import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeSite:
    """
    answers    path -> (content type, body)
    statuses   path -> status, instead of 200
    redirects  path -> where to
    slow       path -> seconds before anything is sent
    endless    paths that never stop sending
    lying      path -> the Content-Length that is claimed
    packed     paths whose body is sent gzipped
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, bytes]] = {}
        self.statuses: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.slow: dict[str, float] = {}
        self.endless: set[str] = set()
        self.lying: dict[str, int] = {}
        self.packed: set[str] = set()
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.sent = 0
        self.stopping = threading.Event()

    def __enter__(self) -> "FakeSite":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self, path: str, body: str) -> None:
        self.answers[path] = (
            "text/html; charset=utf-8",
            f"<html><body>{body}</body></html>".encode(),
        )

    def map(self, path: str, *pages: str) -> None:
        places = "".join(
            f"<url><loc>{page if '://' in page else self.url(page)}</loc></url>" for page in pages
        )
        self.answers[path] = ("application/xml", f"<urlset>{places}</urlset>".encode())


def _handler(site: FakeSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append(dict(self.headers))
            try:
                self._answer()
            except OSError:
                return

        do_POST = do_GET

        def _answer(self) -> None:
            site.stopping.wait(site.slow.get(self.path, 0))
            if self.path in site.redirects:
                self.send_response(302)
                self.send_header("Location", site.redirects[self.path])
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif self.path in site.endless:
                self._never_end()
            else:
                self._send()

        def _send(self) -> None:
            kind, body = site.answers.get(self.path, ("text/html", b""))
            found = self.path in site.answers
            status = site.statuses.get(self.path, 200 if found else 404)
            if self.path in site.packed:
                body = gzip.compress(body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if self.path in site.packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(site.lying.get(self.path, len(body))))
            self.end_headers()
            self.wfile.write(body)
            if self.path in site.lying:
                self.close_connection = True

        def _never_end(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.close_connection = True
            part = b"<p>dan lagi " * 6000
            while not site.stopping.is_set():
                self.wfile.write(part)
                site.sent += len(part)
                if self.path.endswith("tetes"):
                    time.sleep(0.05)
                    part = b"."

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
