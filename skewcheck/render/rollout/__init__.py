"""Rollouts for everybody who follows them: step by step, one in full, all in a list."""

from skewcheck.render.rollout.as_json import (
    render_entry_json,
    render_rollout_json,
    render_rollouts_json,
)
from skewcheck.render.rollout.terminal import (
    render_entry,
    render_outcome,
    render_rollout,
    render_rollouts,
)

__all__ = [
    "render_entry",
    "render_entry_json",
    "render_outcome",
    "render_rollout",
    "render_rollout_json",
    "render_rollouts",
    "render_rollouts_json",
]
