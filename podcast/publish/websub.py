# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSub: tell a hub that a feed has changed, so that apps need not ask every hour (W3C WebSub, section 6)."""

from podcast import __version__
from podcast.errors import PublishError

PATIENCE_S = 15.0


def ping(hub: str, topic: str) -> None:
    """Tell the hub that the feed at `topic` has changed.

    Raises PublishError if the hub cannot be reached or does not take it.
    """
    import certifi
    import urllib3

    fields = {"hub.mode": "publish", "hub.topic": topic, "hub.url": topic}  # of version 0.4 and of 0.3
    headers = {"User-Agent": f"podcast/{__version__}"}
    hint = "the feed itself is published; the next podcast publish notifies the hub again"
    try:
        with urllib3.PoolManager(timeout=PATIENCE_S, retries=False, ca_certs=certifi.where()) as pool:
            answer = pool.request("POST", hub, fields=fields, encode_multipart=False, headers=headers)
    except urllib3.exceptions.HTTPError as error:
        raise PublishError(f"the hub {hub} cannot be reached", hint=hint, transient=True) from error
    if not 200 <= answer.status < 300:
        raise PublishError(f"the hub {hub} returned {answer.status} {answer.reason or ''}".rstrip(), hint=hint)
