"""Generators that call one another however deep they nest, without recursion."""

from collections.abc import Generator
from types import GeneratorType
from typing import TypeAlias, TypeVar

_Result = TypeVar("_Result")

Step: TypeAlias = Generator["Step[_Result] | _Result", _Result, _Result]
"""A computation in steps: what it yields is run to its end first, and its result is sent back. A result that is there
already may be yielded as well: most are, and need no generator."""
Eventual: TypeAlias = Step[_Result] | _Result
"""A result, or the computation that leads to it."""


def drive(first: Eventual[_Result]) -> _Result | None:
    """Run a computation to its end; what a step raises is raised in all that wait for it, innermost first.

    >>> def depth(number):
    ...     return 0 if number == 0 else 1 + (yield depth(number - 1))
    >>> drive(depth(5000))
    5000
    """
    waiting: list[Step[_Result]] = []
    found: Eventual[_Result] | None = first
    error: Exception | None = None
    while True:
        # Most results are no generator; those that are, are plain ones, for which the quickest question is enough.
        if type(found) is GeneratorType:
            waiting.append(found)
            found = None
        if not waiting:
            return found  # type: ignore[return-value]
        try:
            found = waiting[-1].send(found) if error is None else waiting[-1].throw(error)  # type: ignore[arg-type]
            error = None
        except StopIteration as done:
            waiting.pop()
            found, error = done.value, None
        except Exception as raised:
            waiting.pop()
            # A traceback would gather every step that it passes, and this frame, which must not know the error then.
            found, error = None, raised.with_traceback(None) if waiting else None
            if not waiting:
                raise
