"""Looking back, for everybody: what was live when, and what a window of time adds up to."""

from skewcheck.render.history.as_json import (
    render_history_json,
    render_records,
    render_report_json,
)
from skewcheck.render.history.terminal import render_history, render_report

__all__ = [
    "render_history",
    "render_history_json",
    "render_records",
    "render_report",
    "render_report_json",
]
