# SPDX-License-Identifier: GPL-3.0-or-later
"""A web site on loopback whose pages and faults a test sets."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass
class Page:
    """An answer: one or several in turn, the last for good."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stream: Callable[[Callable[[bytes], object]], None] | None = None
    """Writes the body by itself, for endless ones."""


class Website:
    """`pages` by path; `asked` keeps the requests as (path, headers)."""

    def __init__(self) -> None:
        self.pages: dict[str, Page | list[Page]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                page = site.page(self.path)
                etag = page.headers.get("ETag")
                fresh = bool(etag) and self.headers.get("If-None-Match") == etag
                self.send_response(304 if fresh else page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if fresh:
                    self.end_headers()
                    return
                if page.kind:
                    self.send_header("Content-Type", page.kind)
                if page.stream is None:
                    self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                try:
                    if page.stream is None:
                        self.wfile.write(page.body)
                    else:
                        page.stream(self.wfile.write)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the reader has had enough

            def log_message(self, *_arguments: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    def page(self, path: str) -> Page:
        """Return the next answer for a path."""
        found = self.pages.get(path, Page(b"no such page", status=404))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    def url(self, path: str = "/") -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def __enter__(self) -> Self:
        """Serve until the end of the block."""
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
