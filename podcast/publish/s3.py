# SPDX-License-Identifier: GPL-3.0-or-later
"""Target `s3`: a bucket of Amazon S3 or a compatible service, Google Cloud Storage or Azure Blob Storage.

obstore has one interface for all of them. The services replace files atomically, also large ones sent in parts.
Credentials are found as by each service's own tools: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,
GOOGLE_APPLICATION_CREDENTIALS, AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY, or the machine's own role;
where several buckets have different keys, from variables that the settings name.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from podcast.errors import ConfigError, PublishError
from podcast.packages.distribution import install
from podcast.publish import redacted, secret, settings_of
from podcast.publish.headers import Served

if TYPE_CHECKING:
    from obstore.store import ObjectStore

PART = 5 << 20
"""Bytes of a part of a large file: the minimum of S3."""
SMALL = 1 << 20
"""Bytes that any connection can send within `timeout_s`."""
SLOWEST = 32_000
"""Bytes per second assumed for a part: a quarter of a slow home connection, as four parts are sent at once."""

SCHEMES = {"s3", "gs", "az", "azure", "abfs", "abfss"}
BUSY = {"SlowDown", "InternalError", "RequestTimeout", "ServiceUnavailable", "ServerBusy", "OperationTimedOut"}
"""Error codes of services for transient failures."""
TRANSIENT = re.compile(r"(?i)timed? ?out|connection|error sending request|reset by peer|status code: 50[0234]")
"""obstore's messages for transient failures."""
REFUSED = {"AccessDenied", "SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidToken", "ExpiredToken",
           "AuthorizationHeaderMalformed", "AuthenticationFailed", "AuthorizationFailure"}  # fmt: skip
"""Error codes of services for a key that is not accepted."""
METADATA_SERVICE = re.compile(r"/latest/(?:api|meta-data)|/computeMetadata/|/metadata/identity")
"""URLs of the metadata services that obstore asks for a role if there is no key."""
KEYS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the variables named in key_id_env and secret_env",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
}
"""Scheme -> environment variables for the key; other schemes are Azure's."""
SECRETS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "AZURE_STORAGE_ACCOUNT_KEY",
           "AZURE_STORAGE_SAS_TOKEN", "GOOGLE_SERVICE_ACCOUNT_KEY")  # fmt: skip
"""Environment variables whose values are removed from messages."""


class Settings(msgspec.Struct, frozen=True):
    """`[target.<name>]` with `kind = "s3"`."""

    url: str
    """URL of the folder: s3://bucket/folder, gs://bucket/folder or az://container/folder."""
    endpoint: str = ""
    """URL of a service other than Amazon's."""
    region: str = ""
    """Region of the bucket; detected for Amazon, and most other services have only one."""
    account: str = ""
    """Azure storage account; by default AZURE_STORAGE_ACCOUNT_NAME."""
    key_id_env: str = ""
    """Environment variable with the access key id; by default AWS_ACCESS_KEY_ID."""
    secret_env: str = ""
    """Environment variable with the secret key; by default AWS_SECRET_ACCESS_KEY."""
    timeout_s: float = 120.0
    """Seconds to wait for a request; parts of large files get more time, for slow connections."""


class S3:
    """See Target."""

    def __init__(self, settings: Mapping[str, object], root: Path) -> None:
        del root
        self.given = settings_of(settings, Settings)
        parts = urlsplit(self.given.url)
        if parts.scheme not in SCHEMES or not parts.netloc:
            raise ConfigError(
                f"{self.given.url!r} is not a valid bucket URL", key="url", hint='use one such as "s3://bucket/podcast"'
            )
        self.where = self.given.url.rstrip("/")
        try:
            import obstore
        except ImportError as error:
            raise PublishError(f"obstore is not installed ({error})", file=self.where, hint=install("s3")) from error
        self.obstore = obstore
        self.hidden = [os.environ.get(name, "") for name in SECRETS]
        with self._errors():
            self.store = self._store(parts.scheme, self.given.timeout_s)
            self.patient = self._store(parts.scheme, self.given.timeout_s + PART / SLOWEST)

    def _store(self, scheme: str, timeout_s: float) -> "ObjectStore":
        from obstore.store import from_url

        given = self.given
        config: dict[str, Any] = {}
        if scheme == "s3":
            keys = {"access_key_id": secret(given.key_id_env), "secret_access_key": secret(given.secret_env)}
            self.hidden += keys.values()
            config = {"endpoint": given.endpoint, "region": given.region or _region(given.endpoint), **keys}
        elif scheme.startswith(("a", "az")):
            config = {"account_name": given.account, "account_key": secret(given.secret_env)}
            config["endpoint"] = given.endpoint
            self.hidden.append(config["account_key"])
        client: dict[str, Any] = {
            "timeout": timedelta(seconds=timeout_s),
            "connect_timeout": timedelta(seconds=min(given.timeout_s, 15)),
            "allow_http": given.endpoint.startswith("http://"),
        }
        retry: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=timeout_s)}
        said: Any = {name: value for name, value in config.items() if value}
        open_store: Any = from_url  # its overloads differ by service, which is known here only at run time
        store: ObjectStore = open_store(given.url, config=said, client_options=client, retry_config=retry)
        return store

    def list(self) -> Mapping[str, int]:
        """See Target."""
        with self._errors():
            return {str(one["path"]): int(one["size"]) for page in self.obstore.list(self.store) for one in page}

    def read(self, name: str) -> bytes | None:
        """See Target."""
        with self._errors():
            try:
                return bytes(self.obstore.get(self.store, name).bytes())
            except FileNotFoundError:
                return None

    def put(self, name: str, source: Path | bytes, served: Served) -> None:
        """See Target."""
        headers = {"Content-Type": served.type, "Cache-Control": served.cache}
        with self._errors():
            size = len(source) if isinstance(source, bytes) else source.stat().st_size
            store = self.store if size <= SMALL else self.patient
            self.obstore.put(store, name, source, attributes=headers, chunk_size=PART, max_concurrency=1)

    def delete(self, name: str) -> None:
        """See Target."""
        with self._errors():
            try:
                self.obstore.delete(self.store, name)
            except FileNotFoundError:
                return

    def close(self) -> None:
        """See Target."""

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn errors of obstore into PublishError; its own messages hold whole responses of the server."""
        from obstore import exceptions

        try:
            yield
        except (exceptions.BaseError, OSError, ValueError) as error:
            refused = (exceptions.UnauthenticatedError, exceptions.PermissionDeniedError)
            raise self._publish_error(error, refused) from None

    def _publish_error(self, error: Exception, refused: tuple[type[Exception], ...]) -> PublishError:
        brief = self._brief(error)
        if brief == "RequestTimeTooSkewed":
            return PublishError(
                "the clock of this machine is wrong", file=self.where, hint="set the clock, for example with NTP"
            )
        if brief in REFUSED or isinstance(error, refused):
            hint = "check key, secret and region; the key needs permission to list, read, write and delete files"
            return PublishError(f"the service refused the access key ({brief})", file=self.where, hint=hint)
        if isinstance(error, FileNotFoundError):
            hint = "check that the bucket exists, and that endpoint and region are correct"
            return PublishError(brief, file=self.where, hint=hint)
        if METADATA_SERVICE.search(brief):
            scheme = urlsplit(self.given.url).scheme
            keys = KEYS.get(scheme, "AZURE_STORAGE_ACCOUNT_KEY, or the variable named in secret_env")
            return PublishError("no access key found", file=self.where, hint=f"set the environment variables: {keys}")
        again = brief in BUSY or TRANSIENT.search(brief) is not None
        hint = "check the connection and try again" if again else "check url, endpoint and region"
        return PublishError(brief, file=self.where, hint=hint, transient=again)

    def _brief(self, error: Exception) -> str:
        """Return the error code of the service, or the start of obstore's message, without secrets."""
        text = str(error)
        if code := re.search(r"<Code>(\w+)</Code>", text):
            return code[1]
        return redacted(text.partition("\n\nDebug source")[0], *self.hidden)


def _region(endpoint: str) -> str:
    """Return a region for services that have none but require one; obstore finds Amazon's itself."""
    return "us-east-1" if endpoint and "AWS_REGION" not in os.environ else ""
