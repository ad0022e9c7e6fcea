# SPDX-License-Identifier: GPL-3.0-or-later
"""feed/ as a host would serve it, on this machine or its network: to look, to listen, to try an app on a phone.

HEAD, byte ranges, ETag and 304, types and CORS are those that docs/hosting.md asks of a host. The feed is told with the
address of this server in the place of the public one, so that an app fetches everything from here.
"""

import hashlib
import socket
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from podcast.errors import WorkspaceError, reason_of
from podcast.publish.headers import served

if TYPE_CHECKING:
    from starlette.applications import Starlette

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when the producer asks to be reached from the network

EXPOSED = ("Accept-Ranges", "Content-Length", "Content-Range", "ETag")
"""Headers that a page of another site may read."""


def application(feed: Path, public: str, base: str) -> "Starlette":
    """Return the server of a feed folder; `public` is the address in its feed, `base` the one it is reached at here."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    class FeedFiles(StaticFiles):
        """The folder, with our types; what is hidden is not there."""

        def lookup_path(self, path: str) -> Any:
            """Return path and state of a file."""
            parts = PureWindowsPath(path).parts  # divided by / and, on Windows, by \\
            hidden = any(part.startswith(".") and part != "." for part in parts)
            return ("", None) if hidden else super().lookup_path(path)

        def file_response(self, full_path: Any, *arguments: Any, **named: Any) -> Any:
            """Return the answer with a file."""
            answer = super().file_response(full_path, *arguments, **named)
            name = Path(full_path).relative_to(feed.resolve()).as_posix()
            answer.headers["Content-Type"] = served(name).type
            answer.headers["Cache-Control"] = "no-cache"  # it may be made again at any moment
            return answer

    def told(request: Any) -> Any:
        number = request.path_params.get("number")
        return _feed(request, feed / (f"feed-{number}.xml" if number else "feed.xml"), public, base)

    cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["Range"], expose_headers=EXPOSED)
    documents = [Route("/feed.xml", told), Route("/feed-{number:int}.xml", told)]
    routes = [*documents, Mount("/", FeedFiles(directory=feed, html=True, check_dir=False))]
    return Starlette(routes=routes, middleware=[cors])


def _feed(request: Any, path: Path, public: str, base: str) -> Any:
    """Return the feed with the address of this server in it."""
    from starlette.exceptions import HTTPException
    from starlette.responses import Response

    try:
        data = path.read_bytes().replace(public.encode(), base.encode())
    except FileNotFoundError:
        raise HTTPException(404) from None
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept"}
    asked = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if etag in asked:
        return Response(status_code=304, headers=headers)
    # browsers show feeds by their stylesheet only if they are said to be plain XML
    reader = "text/html" in request.headers.get("Accept", "")
    return Response(data, media_type="application/xml" if reader else "application/rss+xml", headers=headers)


def listen(port: int, *, lan: bool) -> socket.socket:
    """Return a socket that listens at a port; 0 takes a free one.

    Raises WorkspaceError if the port is taken.
    """
    try:
        return socket.create_server((EVERYWHERE if lan else LOOPBACK, port), backlog=128)
    except OSError as error:
        raise WorkspaceError(
            f"port {port}: {reason_of(error)}", hint="another server may use it; choose another port: --port 8001"
        ) from error


def address(listening: socket.socket, *, lan: bool) -> str:
    """Return the address at which the server is reached, with a final slash."""
    return f"http://{lan_address() if lan else LOOPBACK}:{listening.getsockname()[1]}/"


def lan_address() -> str:
    """Return this machine's address in its network; that of loopback if it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))  # of RFC 5737: nothing is sent, only the way out is looked up
            return str(one.getsockname()[0])
        except OSError:
            return LOOPBACK


def code(url: str) -> str:
    """Return an address as a QR code of half blocks, for a terminal."""
    import io

    import segno

    drawn = io.StringIO()
    segno.make(url, micro=False).terminal(out=drawn, compact=True, border=2)
    return drawn.getvalue()


def run(app: "Starlette", listening: socket.socket) -> None:
    """Serve until Ctrl-C."""
    import uvicorn

    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1, lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])
