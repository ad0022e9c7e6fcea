# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers on loopback that a show is published to: Debian's sshd, S3, Azure, WebDAV, nginx.

Each is a program of its own with throw-away keys, on a port of its own, ended with the block.
"""

import base64
import hmac
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import formatdate
from pathlib import Path

import npm

SSHD = "/usr/sbin/sshd"
BIN = Path(sys.executable).parent
START_S = 30.0
"""How long a server may take to start, on a busy machine."""


def free_port() -> int:
    """Return a port that was free a moment ago, for servers that cannot take any."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until something listens."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert process.poll() is None, f"{process.args} has ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError(f"{process.args} does not listen")


@contextmanager
def running(command: list[str], port: int, log: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server until the end of the block."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environment})
        try:
            wait_for(port, process)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _key(path: Path) -> str:
    """Make a key pair; return its public half."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    return path.with_name(path.name + ".pub").read_text(encoding="ascii")


@contextmanager
def sshd(folder: Path) -> Iterator[dict[str, object]]:
    """Give the settings of a target on a real sshd; its folder `site` is not made yet."""
    folder.mkdir()
    host, mine = _key(folder / "host"), _key(folder / "mine")
    _key(folder / "stranger")
    port = free_port()
    (folder / "authorized").write_text(mine, encoding="ascii")
    (folder / "known").write_text(f"[127.0.0.1]:{port} {host}", encoding="ascii")
    (folder / "unknown").write_text("", encoding="ascii")
    lines = (f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {folder}/host", "UsePAM no", "StrictModes no",
             f"AuthorizedKeysFile {folder}/authorized", "PasswordAuthentication no", "PidFile none",
             "Subsystem sftp internal-sftp")  # fmt: skip
    (folder / "config").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where sshd, started by root, goes when it separates privileges
    with running([SSHD, "-D", "-e", "-f", str(folder / "config")], port, folder / "log"):
        yield {
            "kind": "sftp",
            "host": "127.0.0.1",
            "port": port,
            "user": subprocess.run(["id", "-un"], capture_output=True, check=True, text=True).stdout.strip(),
            "path": str(folder / "site"),
            "key": str(folder / "mine"),
            "known_hosts": str(folder / "known"),
            "timeout_s": 10.0,
        }


@contextmanager
def moto(folder: Path) -> Iterator[dict[str, object]]:
    """Give the settings of a target on an S3 server that checks signatures and rights; its bucket is `show`."""
    import boto3

    folder.mkdir()
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    command = [str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with running(command, port, folder / "log", INITIAL_NO_AUTH_ACTION_COUNT="3"):
        free = {"endpoint_url": endpoint, "region_name": "us-east-1"}
        iam = boto3.client("iam", aws_access_key_id="none", aws_secret_access_key="none", **free)
        iam.create_user(UserName="host")
        key = iam.create_access_key(UserName="host")["AccessKey"]
        policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
        iam.put_user_policy(UserName="host", PolicyName="all", PolicyDocument=policy)
        keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
        boto3.client("s3", **free, **keys).create_bucket(Bucket="show")
        os.environ["TEST_MOTO_ID"], os.environ["TEST_MOTO_SECRET"] = key["AccessKeyId"], key["SecretAccessKey"]
        yield {
            "kind": "s3",
            "url": "s3://show/site",
            "endpoint": endpoint,
            "key_id_env": "TEST_MOTO_ID",
            "secret_env": "TEST_MOTO_SECRET",
            "timeout_s": 10.0,
        }


def _address(log: Path) -> int:
    """Return the port that rclone says it listens on."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if log.exists() and (found := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text(encoding="utf-8"))):
            return int(found[1])
        time.sleep(0.02)
    raise AssertionError(log.read_text(encoding="utf-8"))


@contextmanager
def rclone_s3(folder: Path) -> Iterator[dict[str, object]]:
    """Give the settings of a target on rclone's S3 server, which keeps its buckets as folders."""
    (folder / "show").mkdir(parents=True)
    port = free_port()
    command = [str(BIN / "rclone"), "serve", "s3", str(folder), "--addr", f"127.0.0.1:{port}"]
    with running([*command, "--auth-key", "mykeyid,mysecretkey"], port, folder.with_suffix(".log")):
        os.environ["TEST_RCLONE_ID"], os.environ["TEST_RCLONE_SECRET"] = "mykeyid", "mysecretkey"
        yield {
            "kind": "s3",
            "url": "s3://show/site",
            "endpoint": f"http://127.0.0.1:{port}",
            "key_id_env": "TEST_RCLONE_ID",
            "secret_env": "TEST_RCLONE_SECRET",
            "timeout_s": 10.0,
        }


@contextmanager
def webdav(folder: Path) -> Iterator[dict[str, object]]:
    """Give the settings of an rclone target on a WebDAV server with a password."""
    (folder / "root").mkdir(parents=True)
    port = free_port()
    command = [str(BIN / "rclone"), "serve", "webdav", str(folder / "root"), "--addr", f"127.0.0.1:{port}"]
    with running([*command, "--user", "me", "--pass", "hunter22"], port, folder / "log"):
        hidden = subprocess.run(
            [str(BIN / "rclone"), "obscure", "hunter22"], capture_output=True, check=True, text=True
        )
        config = (
            f"[dav]\ntype = webdav\nurl = http://127.0.0.1:{port}/\nvendor = other\nuser = me\npass = {hidden.stdout}"
        )
        (folder / "rclone.conf").write_text(config, encoding="utf-8")
        yield {"kind": "rclone", "remote": "dav:site", "config": str(folder / "rclone.conf"), "timeout_s": 10.0}


@contextmanager
def nginx(folder: Path, site: str) -> Iterator[int]:
    """Run nginx with a `server` block, in which PORT stands for the port; give that port."""
    folder.mkdir()
    port = free_port()
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    temporary = "".join(f"{name}_temp_path {folder}/{name};" for name in ("proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"{'user root;' if os.getuid() == 0 else ''}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off; client_body_temp_path {folder}/body; {temporary}\n"
        f"{site.replace('PORT', str(port))} }}\n",
        encoding="utf-8",
    )
    with running([program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "early.log")], port, folder / "out"):
        yield port


class Cutter:
    """A way to a server; it can be cut `cut_after` bytes, perhaps only `once`, stalled, or slow. `port` is its own."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.cut_after: int | None = None
        self.once = False
        self.stalled = False
        self.slowly: float | None = None
        """Bytes a second that each connection takes."""
        self.passed = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.server.getsockname()[1])
        self.open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # the end of the test
            while True:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                for one in (near, far):  # many small questions, each waiting for its answer
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.open += [near, far]
                for a, b, counted in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._pass, args=(a, b, counted), daemon=True).start()

    def _pass(self, a: socket.socket, b: socket.socket, counted: bool) -> None:  # noqa: FBT001 - a thread's arguments
        with suppress(OSError):  # either end has closed
            while data := a.recv(16_384):
                if counted:
                    self.passed += len(data)
                    if self.cut_after is not None and self.passed > self.cut_after:
                        self.cut_after = None if self.once else self.cut_after
                        break
                if counted and self.slowly:
                    time.sleep(len(data) / self.slowly)
                while self.stalled:
                    time.sleep(0.02)
                b.sendall(data)
        for one in (a, b):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut everything."""
        self.stalled = False
        for one in (self.server, *self.open):
            one.close()


@contextmanager
def gcs(folder: Path) -> Iterator[dict[str, object]]:
    """Give the settings of a Google bucket: its XML API is that of S3, so rclone's server speaks it, without keys."""
    (folder / "show").mkdir(parents=True)
    port = free_port()
    account = {"type": "service_account", "client_email": "", "private_key": "", "private_key_id": ""}
    account |= {"gcs_base_url": f"http://127.0.0.1:{port}", "disable_oauth": True}
    key = folder.with_suffix(".json")
    key.write_text(json.dumps(account), encoding="ascii")
    command = [str(BIN / "rclone"), "serve", "s3", str(folder), "--addr", f"127.0.0.1:{port}"]
    with running(command, port, folder.with_suffix(".log")):
        os.environ["GOOGLE_SERVICE_ACCOUNT"] = str(key)
        yield {"kind": "s3", "url": "gs://show/site", "endpoint": f"http://127.0.0.1:{port}", "timeout_s": 10.0}
    del os.environ["GOOGLE_SERVICE_ACCOUNT"]


AZURITE = Path(__file__).parent.parent / "azurite"
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""That of every Azurite, known to all (its documentation, "Default storage account")."""


def _container(endpoint: str, account: str) -> None:
    """Make the container `show`, signed as Azure wants it (Authorize with Shared Key)."""
    said = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    headers = "".join(f"{name}:{value}\n" for name, value in said.items())
    signed = "PUT" + "\n" * 12 + headers + f"/{account}/{account}/show\nrestype:container"
    mac = hmac.new(base64.b64decode(AZURITE_KEY), signed.encode(), "sha256").digest()
    authorization = {"Authorization": f"SharedKey {account}:{base64.b64encode(mac).decode()}"}
    address = f"{endpoint}/show?restype=container"
    request = urllib.request.Request(address, b"", said | authorization, method="PUT")  # noqa: S310 - our own
    request.add_unredirected_header("Content-type", "")
    urllib.request.urlopen(request).close()  # noqa: S310


@contextmanager
def azure(folder: Path) -> Iterator[dict[str, object]]:
    """Give the settings of a target on Azurite, Microsoft's own emulator, which checks signatures."""
    folder.mkdir()
    port, account = free_port(), "devstoreaccount1"
    program = npm.installed(AZURITE) / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    command = ["node", str(program), "--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    with running([*command, "--blobHost", "127.0.0.1", "--blobPort", str(port)], port, folder / "log"):
        endpoint = f"http://127.0.0.1:{port}/{account}"
        _container(endpoint, account)
        os.environ["TEST_AZURE_KEY"] = AZURITE_KEY
        yield {
            "kind": "s3",
            "url": "az://show/site",
            "account": account,
            "endpoint": endpoint,
            "secret_env": "TEST_AZURE_KEY",
            "timeout_s": 10.0,
        }


HOSTS: Mapping[str, object] = {
    "sshd": sshd,
    "moto": moto,
    "rclone-s3": rclone_s3,
    "webdav": webdav,
    "gcs": gcs,
    "azure": azure,
}
