"""A queue of jobs."""

from dynamic_import import jobs

_queue: list[str] = []


def put(job: str) -> int:
    """Append a job and return its place."""
    _queue.append(job)
    return len(_queue)


def put_twice(job: str) -> int:
    """Append a job two times, the second time by way of `jobs`."""
    put(job)
    return jobs.later(job)
