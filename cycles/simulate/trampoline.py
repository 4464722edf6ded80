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
    if type(first) is not GeneratorType:
        return first  # type: ignore[return-value]
    waiting: list[Step[_Result]] = []
    step: Step[_Result] = first
    found: Eventual[_Result] | None = None
    error: Exception | None = None
    while True:
        try:
            if error is not None:
                raised, error = error, None
                found = step.throw(raised)
            else:
                found = step.send(found)  # type: ignore[arg-type]
            # Most results are no generator; those that are, are plain ones, for which the quickest question is enough.
            while type(found) is not GeneratorType:
                found = step.send(found)  # type: ignore[arg-type]
            waiting.append(step)
        except StopIteration as done:
            found = done.value
        except Exception as raised:
            if not waiting:
                raise
            # A traceback would gather every step that it passes, and this frame, which must not know the error then.
            found, error = None, raised.with_traceback(None)
        if type(found) is GeneratorType:
            step, found = found, None
        elif waiting:
            step = waiting.pop()
        else:
            return found  # type: ignore[return-value]
