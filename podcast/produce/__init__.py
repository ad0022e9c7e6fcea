# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipeline: articles -> scripts -> clips -> episodes -> feed. `flow` calls the stages in order.

Nothing outside this package knows that order. The names listed here are imported lazily: `podcast status` needs none
of them.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from podcast.produce.flow import (
        Intake,
        Plan,
        RenderedEpisode,
        ScriptSelection,
        diff,
        fallback_note,
        make,
        plan,
        preview,
        publish,
        scripts_of,
        stale,
        write_scripts,
    )

__all__ = [
    "Intake",
    "Plan",
    "RenderedEpisode",
    "ScriptSelection",
    "diff",
    "fallback_note",
    "make",
    "plan",
    "preview",
    "publish",
    "scripts_of",
    "stale",
    "write_scripts",
]


def __getattr__(name: str) -> Any:
    """Load the flow (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from podcast.produce import flow

    return getattr(flow, name)
