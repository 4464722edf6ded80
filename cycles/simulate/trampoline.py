"""A generator that yields generators in; what it returns, out, however deep they nest, without recursion."""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

_Result = TypeVar("_Result")

Step: TypeAlias = Generator["Step[_Result]", "_Result | None", _Result]
"""A computation in steps: what it yields is run to its end first, and its result is sent back."""


def drive(first: Step[_Result]) -> _Result:
    """Run a computation to its end; what a step raises is raised in all that wait for it, innermost first.

    >>> def depth(number):
    ...     return 0 if number == 0 else 1 + (yield depth(number - 1))
    >>> drive(depth(5000))
    5000
    """
    waiting = [first]
    result: _Result | None = None
    error: Exception | None = None
    while True:
        step = waiting[-1]
        try:
            child = step.send(result) if error is None else step.throw(error)
        except StopIteration as done:
            value: _Result = done.value
            waiting.pop()
            if not waiting:
                return value
            result, error = value, None
        except Exception as raised:
            waiting.pop()
            if not waiting:
                raise
            # A traceback would gather every step that it passes.
            result, error = None, raised.with_traceback(None)
        else:
            waiting.append(child)
            result, error = None, None
