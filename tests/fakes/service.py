# SPDX-License-Identifier: GPL-3.0-or-later
"""What stand-ins for services share: a real HTTP server on loopback that keeps what it was asked, and plays faults.

Faults, each for one request: `429`, `429 30`, `429 date 30` (any status, with Retry-After), `reset`, `hang`, `cut`
(fewer bytes than announced), `chunk` (the same in chunks), `drip` (a byte at a time, without end), and `html`; those
of a service's own are its handler's `fault`.
"""

import socket
import struct
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Generic, Self, TypeVar

Asked = TypeVar("Asked")

PAGE = b"<!doctype html><html><title>Sorry...</title>unusual traffic</html>"


class Service(Generic[Asked]):
    """The service; `asked` are the requests so far, `most` how many were under way at once."""

    handler: ClassVar[type["Handler"]]

    def __init__(self, faults: list[str] | None = None) -> None:
        self.faults = list(faults or [])
        self.asked: list[Asked] = []
        self.most = 0
        self.under_way = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()

    def __enter__(self) -> Self:
        handler = type("Handler", (self.handler,), {"service": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Reads a request, keeps it, and answers it or plays the next fault."""

    service: Service[Any]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def read(self, body: bytes) -> Any:
        """Return what was asked."""
        raise NotImplementedError

    def refuse(self, asked: Any) -> bool:
        """Answer what cannot be answered otherwise, and return True if it was that."""
        raise NotImplementedError

    def answer(self, asked: Any) -> bytes:
        """Return the body of a good answer."""
        raise NotImplementedError

    def fault(self, name: str, asked: Any) -> None:
        """Play a fault of the service's own."""
        raise NotImplementedError

    def do_POST(self) -> None:
        """Answer, or play the next fault."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        service = self.service
        with service.lock:
            service.under_way += 1
            service.most = max(service.most, service.under_way)
        try:
            asked = self.read(body)
            with service.lock:
                service.asked.append(asked)
                fault = service.faults.pop(0) if service.faults else ""
            if fault:
                self._play(fault, asked)
            elif not self.refuse(asked):
                self.send(self.answer(asked))
        finally:
            with service.lock:
                service.under_way -= 1

    def _play(self, fault: str, asked: Any) -> None:
        name, _, argument = fault.partition(" ")
        if name.isdecimal():
            after = formatdate(time.time() + float(argument[5:]), usegmt=True) if argument[:5] == "date " else argument
            self.send(b"<html>Sorry</html>", status=int(name), headers={"Retry-After": after} if after else {})
        elif name == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif name == "hang":
            self.service.closing.wait(10)
            self.close_connection = True
        elif name == "cut":
            body = self.answer(asked)
            self.send(body[: len(body) // 2], length=len(body))
        elif name == "chunk":
            body = self.answer(asked)
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%b" % (len(body), body[: len(body) // 2]))
            self.close_connection = True
        elif name == "drip":
            self.send(b"", length=1 << 20)
            while not self.service.closing.wait(0.02):
                try:
                    self.wfile.write(b"x")
                except OSError:  # the other end has had enough
                    return
        elif name == "html":
            self.send(PAGE, headers={"Content-Type": "text/html"})
        else:
            self.fault(name, asked)

    def send(
        self, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        """Send an answer; `length` is what is announced, if that is another number than there are bytes."""
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True
