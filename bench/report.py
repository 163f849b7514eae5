"""What was measured, as a table for people and as JSON for programs."""

import json
import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.inboxes import INBOXES, Seen
from bench.load import Answers
from bench.processes import Memory
from bench.shop import CONVERSATIONS


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: medians over the runs. Milliseconds; errors are a sum."""

    in_flight: int
    p50: float
    p95: float
    per_second: float
    errors: int
    messages: int
    cpu: float


@dataclass(slots=True)
class Results:
    ours: list[Line] = field(default_factory=list)
    bare: list[Line] = field(default_factory=list)
    idle: Memory | None = None
    loaded: Memory | None = None
    idle_cpu_percent: float = 0
    seen: Seen | None = None
    notes: list[str] = field(default_factory=list)


def line(runs: list[tuple[Answers, float]]) -> Line:
    """Several runs at one concurrency, each with the CPU milliseconds that a message took."""
    return Line(
        in_flight=runs[0][0].in_flight,
        p50=median(answers.p50 for answers, _ in runs),
        p95=median(answers.p95 for answers, _ in runs),
        per_second=median(answers.per_second for answers, _ in runs),
        errors=sum(answers.errors for answers, _ in runs),
        messages=sum(len(answers.times) + answers.errors for answers, _ in runs),
        cpu=median(cpu for _, cpu in runs),
    )


@dataclass(frozen=True, slots=True)
class Aim:
    what: str
    measured: float
    limit: float
    unit: str
    at_least: bool = False
    spoiled: bool = False

    @property
    def met(self) -> bool:
        enough = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        return enough and not self.spoiled

    def __str__(self) -> str:
        relation = "at least" if self.at_least else "within"
        verdict = "met" if self.met else "NOT MET"
        measured = f"{self.measured:,.0f} {self.unit}"
        return f"  {self.what:<46}{measured:>14}   {relation} {self.limit:,.0f}   {verdict}"


def aims(results: Results) -> list[Aim]:
    found = []
    for row in results.ours:
        if row.in_flight == 1:
            found.append(Aim("p50 with 1 in flight", row.p50, 40, "ms"))
        if row.in_flight == 50:
            what = f"answers with 50 in flight ({row.errors} errors)"
            spoiled = row.errors > 0
            found.append(Aim(what, row.per_second, 100, "/s", at_least=True, spoiled=spoiled))
    if results.idle:
        found.append(Aim("memory at idle (RSS)", results.idle.rss, 400, "MB"))
    if results.seen:
        what = f"visible in {INBOXES} inboxes, p95 ({results.seen.missed} missed)"
        missed = results.seen.missed > 0
        found.append(Aim(what, results.seen.p95, 250, "ms", spoiled=missed))
    return found


def table(results: Results) -> str:
    parts = [
        f"Message accepted → answer stored and sent, {CONVERSATIONS:,} conversations stored",
        _head(),
        *(_row("Chatrigo", row) for row in results.ours),
        *(_row("bare baseline", row) for row in results.bare),
        *_ratios(results),
        "",
        *_memory(results),
        *_seen(results),
        "",
        "Aims",
        *(str(aim) for aim in aims(results)),
        *(f"  ! {note}" for note in results.notes),
    ]
    return "\n".join(parts)


def write(results: Results, path: Path) -> None:
    content: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "conversations": CONVERSATIONS,
        "chatrigo": [_plain(row) for row in results.ours],
        "baseline": [_plain(row) for row in results.bare],
        "memory_mb": {
            "idle": _plain(results.idle) if results.idle else None,
            "after_load": _plain(results.loaded) if results.loaded else None,
        },
        "idle_cpu_percent": round(results.idle_cpu_percent, 2),
        "inboxes_ms": _plain_seen(results.seen),
        "aims": [
            {"what": aim.what, "measured": round(aim.measured, 1), "met": aim.met}
            for aim in aims(results)
        ],
        "notes": results.notes,
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _head() -> str:
    return (
        f"  {'':<16}{'in flight':>9}{'p50 ms':>10}{'p95 ms':>10}{'answers/s':>11}"
        f"{'errors':>8}{'CPU ms a message':>18}"
    )


def _row(name: str, row: Line) -> str:
    return (
        f"  {name:<16}{row.in_flight:>9}{row.p50:>10.1f}{row.p95:>10.1f}{row.per_second:>11.1f}"
        f"{row.errors:>8}{row.cpu:>18.1f}"
    )


def _ratios(results: Results) -> list[str]:
    """How many times the baseline: more time, fewer answers, more CPU."""
    return [
        f"  {'ratio':<16}{ours.in_flight:>9}{ours.p50 / bare.p50:>9.1f}×{ours.p95 / bare.p95:>9.1f}×"
        f"{ours.per_second / bare.per_second:>10.2f}×{'':>8}{ours.cpu / bare.cpu:>17.1f}×"
        for ours, bare in zip(results.ours, results.bare, strict=False)
    ]


def _memory(results: Results) -> list[str]:
    rows = [("at idle", results.idle), ("after the load", results.loaded)]
    lines = [
        f"  {name:<16}{size.rss:>9.0f} MB RSS{size.pss:>9.0f} MB PSS" for name, size in rows if size
    ]
    idle = f"  idle processor  {results.idle_cpu_percent:>9.1f} % of one core"
    return ["Memory of all processes, PostgreSQL included", *lines, idle] if lines else []


def _seen(results: Results) -> list[str]:
    seen = results.seen
    if seen is None:
        return []
    return [
        "",
        f"Message sent → visible in the last of {INBOXES} open inboxes",
        f"  p50 {seen.p50:.0f} ms, p95 {seen.p95:.0f} ms, {seen.missed} missed,"
        f" {seen.bytes_each / 1024:.1f} KB a tab for a message and its answer",
    ]


def _plain(row: Line | Memory) -> dict[str, float]:
    return {name: round(getattr(row, name), 2) for name in row.__slots__}


def _plain_seen(seen: Seen | None) -> dict[str, float] | None:
    if seen is None:
        return None
    return {
        "p50": round(seen.p50, 1),
        "p95": round(seen.p95, 1),
        "missed": seen.missed,
        "bytes_each": seen.bytes_each,
    }
