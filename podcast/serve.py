# SPDX-License-Identifier: GPL-3.0-or-later
"""A local web server for feed/, to try the pages and the feed in a browser or an app on a phone.

HEAD, byte ranges, ETag and 304, media types and CORS follow docs/hosting.md. In the feed, the public URL is replaced by
that of this server, so that an app fetches everything from here.
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
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only with --lan

EXPOSED = ("Accept-Ranges", "Content-Length", "Content-Range", "ETag")
"""Response headers that pages of other sites may read (CORS)."""


def application(feed: Path, public: str, base: str) -> "Starlette":
    """Return the ASGI application for a feed folder; `public` is the URL in its feed, `base` that of this server."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    class FeedFiles(StaticFiles):
        """Static files with the media types of the feed, without hidden files."""

        def lookup_path(self, path: str) -> Any:
            """See StaticFiles: return path and state of a file."""
            parts = PureWindowsPath(path).parts  # PureWindowsPath splits at / and at \\, as Windows does
            hidden = any(part.startswith(".") and part != "." for part in parts)
            return ("", None) if hidden else super().lookup_path(path)

        def file_response(self, full_path: Any, *arguments: Any, **named: Any) -> Any:
            """See StaticFiles: return the response with a file."""
            answer = super().file_response(full_path, *arguments, **named)
            name = Path(full_path).relative_to(feed.resolve()).as_posix()
            answer.headers["Content-Type"] = served(name).type
            answer.headers["Cache-Control"] = "no-cache"  # it may be rebuilt at any time
            return answer

    def feed_document(request: Any) -> Any:
        number = request.path_params.get("number")
        return _feed(request, feed / (f"feed-{number}.xml" if number else "feed.xml"), public, base)

    cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["Range"], expose_headers=EXPOSED)
    documents = [Route("/feed.xml", feed_document), Route("/feed-{number:int}.xml", feed_document)]
    routes = [*documents, Mount("/", FeedFiles(directory=feed, html=True, check_dir=False))]
    return Starlette(routes=routes, middleware=[cors])


def _feed(request: Any, path: Path, public: str, base: str) -> Any:
    """Return the response with the feed, in which the URL of this server replaces the public one."""
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
    # browsers apply the stylesheet of a feed only to plain XML
    reader = "text/html" in request.headers.get("Accept", "")
    return Response(data, media_type="application/xml" if reader else "application/rss+xml", headers=headers)


def listen(port: int, *, lan: bool) -> socket.socket:
    """Return a socket that listens on a port; 0 for any free one.

    Raises WorkspaceError if the port is taken.
    """
    try:
        return socket.create_server((EVERYWHERE if lan else LOOPBACK, port), backlog=128)
    except OSError as error:
        raise WorkspaceError(
            f"port {port}: {reason_of(error)}", hint="another server may use it; choose another port: --port 8001"
        ) from error


def address(listening: socket.socket, *, lan: bool) -> str:
    """Return the URL of the server, with a final slash."""
    return f"http://{lan_address() if lan else LOOPBACK}:{listening.getsockname()[1]}/"


def lan_address() -> str:
    """Return this machine's IP address in its network; the loopback address if it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))  # an address of RFC 5737: nothing is sent, only the route is looked up
            return str(one.getsockname()[0])
        except OSError:
            return LOOPBACK


def code(url: str) -> str:
    """Return a URL as a QR code in half-block characters, for a terminal."""
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
