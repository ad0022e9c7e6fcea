# SPDX-License-Identifier: GPL-3.0-or-later
"""Target `sftp`: a folder on an SSH server.

One connection, run by an event loop in a thread of its own, serves all uploads; the next call replaces a lost one. A
file is written under a temporary name in its folder, synced, and renamed (posix-rename@openssh.com). The server's host
key must be known; ~/.ssh/config and the SSH agent are used as by `ssh`.
"""

import asyncio
import logging
import posixpath
import secrets
import threading
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from podcast.errors import PublishError, reason_of
from podcast.packages.distribution import install
from podcast.publish import redacted, secret, settings_of
from podcast.publish.headers import Served
from podcast.workspace import TEMPORARY

if TYPE_CHECKING:
    import asyncssh

Answer = TypeVar("Answer")

logging.getLogger("asyncio").addHandler(
    logging.NullHandler()
)  # else a lost connection is logged a hundred times to stderr

CHUNK = 256 * 1024
"""Bytes that the server must accept within `timeout_s`."""


class Settings(msgspec.Struct, frozen=True):
    """`[target.<name>]` with `kind = "sftp"`."""

    host: str
    """Name or IP address of the server, or its alias in ~/.ssh/config."""
    path: str
    """Folder on the server; relative to the folder after login, unless it starts with `/`."""
    port: int = 0
    """Port of the SSH server; 0 uses the port in ~/.ssh/config, or 22."""
    user: str = ""
    """User name; by default the one in ~/.ssh/config, or your local user name."""
    key: str = ""
    """Private key file; by default the keys of the SSH agent and in ~/.ssh are tried."""
    known_hosts: str = ""
    """File with the server's host key; by default ~/.ssh/known_hosts."""
    password_env: str = ""
    """Environment variable with the password, for servers that do not accept keys."""
    passphrase_env: str = ""
    """Environment variable with the passphrase of the private key."""
    timeout_s: float = 60.0
    """Seconds to wait for a server that does not respond."""


class Sftp:
    """See Target."""

    def __init__(self, settings: Mapping[str, object], root: Path) -> None:
        self.given = settings_of(settings, Settings)
        self.base = self.given.path.rstrip("/") or "/"
        self.show = root
        self.token = secrets.token_hex(6)  # of temporary names, so that a retry overwrites its incomplete file
        port = f":{self.given.port}" if self.given.port else ""
        self.where = f"sftp://{self.given.host}{port}/{self.base.lstrip('/')}"
        try:
            import asyncssh
        except ImportError as error:
            raise PublishError(f"asyncssh is not installed ({error})", file=self.where, hint=install("sftp")) from error
        self.ssh = asyncssh
        self.made: set[str] = set()  # folders known to exist: each is created once
        self.loop = asyncio.new_event_loop()
        self.turn = asyncio.Lock()
        self.connection: asyncssh.SSHClientConnection | None = None
        self.client: asyncssh.SFTPClient | None = None
        self.thread = threading.Thread(target=self.loop.run_forever, name="sftp", daemon=True)
        self.thread.start()

    def list(self) -> Mapping[str, int]:
        """See Target."""
        return self._run(self._list())

    def read(self, name: str) -> bytes | None:
        """See Target."""
        return self._run(self._read(name))

    def put(self, name: str, source: Path | bytes, served: Served) -> None:
        """See Target. The web server sets the headers."""
        del served
        self._run(self._put(name, source))

    def delete(self, name: str) -> None:
        """See Target."""
        self._run(self._delete(name))

    def close(self) -> None:
        """See Target."""

        async def ended() -> None:
            if self.connection is not None:
                self.connection.abort()
                with suppress(OSError):
                    await self.connection.wait_closed()
            left = asyncio.all_tasks() - {asyncio.current_task()}  # unfinished tasks after Ctrl-C
            for task in left:
                task.cancel()
            if left:
                await asyncio.wait(left, timeout=2)

        asyncio.run_coroutine_threadsafe(ended(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    # --- in the thread of the connection ---

    async def _session(self) -> "asyncssh.SFTPClient":
        """Return the session, after reconnecting if it was lost."""
        async with self.turn:
            if self.client is not None and self.connection is not None and not self.connection.is_closed():
                return self.client
            self.connection = await self.ssh.connect(self.given.host, **self._options())
            self.client = client = await asyncio.wait_for(self.connection.start_sftp_client(), self.given.timeout_s)
            return client

    def _options(self) -> dict[str, Any]:
        given = self.given
        options: dict[str, Any] = {
            "connect_timeout": given.timeout_s,
            "login_timeout": given.timeout_s,
            "keepalive_interval": max(1.0, given.timeout_s / 4),
        }
        files = {"client_keys": given.key, "known_hosts": given.known_hosts}
        options |= {name: str(self.show / Path(file).expanduser()) for name, file in files.items() if file}
        words = {"password": given.password_env, "passphrase": given.passphrase_env}
        options |= {name: secret(variable) for name, variable in words.items() if variable}
        options |= {name: value for name, value in (("port", given.port), ("username", given.user)) if value}
        return options

    async def _in_time(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return await asyncio.wait_for(work, self.given.timeout_s)

    def _path(self, name: str) -> str:
        return posixpath.join(self.base, name)

    async def _list(self) -> dict[str, int]:
        session, found, folders = await self._session(), dict[str, int](), [""]
        while folders:
            folder = folders.pop()
            try:
                entries = await self._in_time(session.readdir(self._path(folder) if folder else self.base))
            except self.ssh.SFTPNoSuchFile:
                continue
            for entry in entries:
                name = posixpath.join(folder, str(entry.filename))
                if entry.attrs.type == self.ssh.FILEXFER_TYPE_DIRECTORY and entry.filename not in {".", ".."}:
                    folders.append(name)
                elif entry.attrs.type == self.ssh.FILEXFER_TYPE_REGULAR:
                    found[name] = entry.attrs.size or 0
        return found

    async def _read(self, name: str) -> bytes | None:
        session = await self._session()
        try:
            async with session.open(self._path(name), "rb") as file:
                data: bytes = await self._in_time(file.read())
                return data
        except self.ssh.SFTPNoSuchFile:
            return None

    async def _put(self, name: str, source: Path | bytes) -> None:
        session = await self._session()
        path = self._path(name)
        folder, base = posixpath.split(path)
        temporary = posixpath.join(folder, f"{TEMPORARY}{self.token}-{base[-80:]}")
        if folder not in self.made:
            await self._in_time(session.makedirs(folder, exist_ok=True))
            self.made.add(folder)
        try:
            async with session.open(temporary, "wb") as file:
                async for chunk in _chunks(source):
                    await self._in_time(file.write(chunk))
                with suppress(self.ssh.SFTPOpUnsupported):  # servers other than OpenSSH
                    await self._in_time(file.fsync())
            await self._rename(session, temporary, path)
        except self.ssh.SFTPError:  # still connected; after a lost connection the next run removes the file
            with suppress(OSError, self.ssh.Error, TimeoutError):  # the first error is reported
                await asyncio.wait_for(session.remove(temporary), 2)
            raise

    async def _rename(self, session: "asyncssh.SFTPClient", temporary: str, path: str) -> None:
        try:
            await self._in_time(session.posix_rename(temporary, path))
        except self.ssh.SFTPOpUnsupported:  # on such servers a plain rename may overwrite
            await self._in_time(session.rename(temporary, path))

    async def _delete(self, name: str) -> None:
        session = await self._session()
        with suppress(self.ssh.SFTPNoSuchFile):
            await self._in_time(session.remove(self._path(name)))

    # --- in the thread of the caller ---

    def _run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        async def translated() -> Answer:
            async with self._errors():
                return await work
            raise AssertionError  # the block either returned or raised

        return asyncio.run_coroutine_threadsafe(translated(), self.loop).result()

    @asynccontextmanager
    async def _errors(self) -> AsyncIterator[None]:
        """Turn errors of asyncssh into PublishError."""
        ssh = self.ssh
        try:
            yield
        except ssh.HostKeyNotVerifiable as error:
            hint = f"connect once with `ssh {self.given.host}` and check the key, or set known_hosts to a file with it"
            raise PublishError("the server's host key is not known", file=self.where, hint=hint) from error
        except ssh.PermissionDenied as error:
            hint = "check user and key; `ssh-add -l` lists the keys of the SSH agent"
            raise PublishError("the server refused the login", file=self.where, hint=hint) from error
        except (ssh.KeyImportError, ssh.KeyEncryptionError) as error:
            hint = "check the key file; for a key with a passphrase, set passphrase_env"
            raise PublishError(f"{self.given.key or 'a key in ~/.ssh'}: {error}", hint=hint) from error
        except (ssh.SFTPConnectionLost, ssh.SFTPNoConnection, ssh.ConnectionLost, ssh.ChannelOpenError) as error:
            raise PublishError("the connection was lost", file=self.where, hint="try again", transient=True) from error
        except ssh.SFTPPermissionDenied as error:
            raise PublishError(
                "no write permission there",
                file=self.where,
                hint="check path, and the user's permissions on the server",
            ) from error
        except ssh.Error as error:
            message = f"{self.where}: {redacted(str(error))}"
            raise PublishError(message, hint="check path and free disk space: the server's disk may be full") from error
        except TimeoutError as error:
            self._drop()
            message = f"{self.where}: the server did not respond for {self.given.timeout_s:.0f} s"
            raise PublishError(message, hint="try again, or raise timeout_s in show.toml", transient=True) from error
        except OSError as error:
            self._drop()
            words = reason_of(error) if error.strerror else redacted(str(error))
            missing = isinstance(error, FileNotFoundError)
            place = f"{self.where}: {error.filename}" if error.filename else self.where
            hint = "check the path of the file in show.toml" if missing else "check host, port and the connection"
            raise PublishError(words, file=place, hint=hint, transient=not missing) from error

    def _drop(self) -> None:
        """Abort a connection that does not respond, so that the next call reconnects."""
        if self.connection is not None:
            self.connection.abort()
        self.connection = self.client = None


async def _chunks(source: Path | bytes) -> AsyncIterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
