"""Events of the shop and who listens to them."""

from collections import defaultdict
from collections.abc import Callable

Listener = Callable[[object], None]

_listeners: dict[str, list[Listener]] = defaultdict(list)


def listens_to(event: str) -> Callable[[Listener], Listener]:
    """Return a decorator that subscribes a function to an event."""

    def subscribe(listener: Listener) -> Listener:
        _listeners[event].append(listener)
        return listener

    return subscribe


def publish(event: str, subject: object) -> None:
    """Tell every listener, in the order in which they subscribed."""
    for listener in _listeners[event]:
        listener(subject)
