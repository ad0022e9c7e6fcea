# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSub: notify a hub that the feed has changed, so that apps need not poll it (W3C WebSub, section 6)."""

from podcast.errors import PublishError
from podcast.http_client import Client

TIMEOUT_S = 15.0


def ping(hub: str, topic: str) -> None:
    """Notify the hub that the feed at `topic` has changed.

    Raises PublishError if the hub cannot be reached or refuses the request.
    """
    import urllib3

    fields = {"hub.mode": "publish", "hub.topic": topic, "hub.url": topic}  # hub.url is for hubs of version 0.3
    hint = "the feed itself is published; the next podcast publish notifies the hub again"
    try:
        with Client(timeout_s=TIMEOUT_S) as client:
            answer = client.request("POST", hub, fields=fields, encode_multipart=False)
    except urllib3.exceptions.HTTPError as error:
        raise PublishError(f"the hub {hub} cannot be reached", hint=hint, transient=True) from error
    if not 200 <= answer.status < 300:
        raise PublishError(f"the hub {hub} returned {answer.status} {answer.reason or ''}".rstrip(), hint=hint)
