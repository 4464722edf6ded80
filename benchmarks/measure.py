"""Median times of commands, and the peak memory of their largest processes."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """Times are medians of all runs, in seconds; megabytes the peak of the largest process of any run.

    `processor` is what the process and its children spent, which other work on the machine changes least.
    """

    seconds: float
    processor: float
    megabytes: float
    finished: bool


def bare(package: str) -> list[str]:
    """A process that does nothing but build grimp's graph."""
    code = f"import sys; sys.path.insert(0, '.'); import grimp; grimp.build_graph({package!r}, cache_dir=None)"
    return [sys.executable, "-c", code]


def measure_side_by_side(
    commands: Sequence[Sequence[str]], folder: Path, *, runs: int, limit: float = 300.0
) -> tuple[Measured, ...]:
    """Run each command `runs` times, taking turns, so that a slow moment of the machine meets them all."""
    found: list[list[Measured]] = [[] for _ in commands]
    for _ in range(runs):
        for measurements, command in zip(found, commands, strict=True):
            if all(measured.finished for measured in measurements):
                measurements.append(_run(command, folder, limit))
    return tuple(
        Measured(
            statistics.median(measured.seconds for measured in measurements),
            statistics.median(measured.processor for measured in measurements),
            max(measured.megabytes for measured in measurements),
            all(measured.finished for measured in measurements),
        )
        for measurements in found
    )


def _run(command: Sequence[str], folder: Path, limit: float) -> Measured:
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while time.perf_counter() - started < limit:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            unit = 1024 if sys.platform == "linux" else 1024 * 1024
            processor = usage.ru_utime + usage.ru_stime
            return Measured(time.perf_counter() - started, processor, usage.ru_maxrss / unit, finished=True)
        time.sleep(0.002)
    process.kill()
    process.wait()
    return Measured(limit, limit, 0.0, finished=False)
