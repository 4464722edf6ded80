"""Commands as typer runs them: groups of options are spread into single ones, plain values are read quickly."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from enum import StrEnum
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_origin

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:  # typer has no public names for them
    from typer._click.core import Context
    from typer._click.core import Parameter as TyperParameter
    from typer._coercion import RuntimeParam
    from typer.core import _TyperParameter

_BRACKETED = re.compile(r"\[(\[PACKAGE\.\.\.\].*)\]\.\.\.\n")
_ARGUMENT_TYPE = " <list[str]>"
_WHOLE_SENTENCE = 500


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command in whose signature each group of options, a dataclass, is replaced by its fields.

    typer knows no groups. The command itself gets them whole.
    """

    @wraps(command)
    def spread_command(**typed: object) -> None:
        command(**_gathered(command, typed))

    parameters = list(_single(signature(command).parameters.values()))
    vars(spread_command)["__signature__"] = signature(command).replace(parameters=parameters)
    return spread_command


def _group(parameter: Parameter) -> type | None:
    """Return the dataclass whose fields a parameter stands for; None for a single option."""
    kind: object = parameter.annotation
    return kind if isinstance(kind, type) and is_dataclass(kind) else None


def _single(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    for parameter in parameters:
        if group := _group(parameter):
            yield from _single(signature(group).parameters.values())
        else:
            yield parameter.replace(kind=Parameter.KEYWORD_ONLY)


def _gathered(made: Callable[..., object], typed: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments of a command, or of a group, with its groups made of what was typed."""
    return {
        name: group(**_gathered(group, typed)) if (group := _group(parameter)) else typed[name]
        for name, parameter in signature(made).parameters.items()
    }


class QuickCommand(TyperCommand):
    """A command that reads plain values by itself: typer loads pydantic for them, half of the time of a short run."""

    def get_params(self, ctx: "Context") -> "list[TyperParameter]":
        """Its parameters."""
        return _read_quickly(super().get_params(ctx))

    def get_help(self, ctx: "Context") -> str:
        """Its help, without the brackets and the type that typer adds to arguments that are told as words."""
        text = _BRACKETED.sub(r"\1\n", super().get_help(ctx), count=1)
        text = text.replace(_ARGUMENT_TYPE, " " * len(_ARGUMENT_TYPE))
        return "\n".join(line.rstrip() for line in text.splitlines())

    def get_short_help_str(self, limit: int = 45) -> str:
        """Its first sentence, whole: where it does not fit a line, it is wrapped, not cut off."""
        return super().get_short_help_str(max(limit, _WHOLE_SENTENCE))


class QuickGroup(TyperGroup):
    """A group of commands that does the same."""

    def get_params(self, ctx: "Context") -> "list[TyperParameter]":
        """Its parameters."""
        return _read_quickly(super().get_params(ctx))


def _read_quickly(parameters: "list[TyperParameter]") -> "list[TyperParameter]":
    """Have plain values of parameters read by a _QuickReader.

    What is not plain is left to typer, the complaints too. A typer that reads by other methods does it all.
    """
    for parameter in parameters:
        by_typer = getattr(parameter, "get_runtime_param", None)
        described = getattr(parameter, "type_descriptor", None)
        if by_typer and described and "get_runtime_param" not in vars(parameter):
            # Whether a number is within a range is not plain.
            annotation = None if described.is_ranged else described.annotation
            vars(parameter)["get_runtime_param"] = _QuickReader(annotation, by_typer).itself
    return parameters


@dataclass(frozen=True, slots=True)
class _QuickReader:
    """Reads plain values of one type by itself, others as typer does."""

    annotation: object
    by_typer: "Callable[[], RuntimeParam]"

    def itself(self) -> "_QuickReader":
        """What typer asks for."""
        return self

    def coerce(self, value: object, param: "_TyperParameter", ctx: "Context") -> object:
        """The value that a word of the command line, or a default, stands for."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        try:
            if several and isinstance(value, list | tuple) and get_origin(self.annotation) is list:
                return [_plain(one, get_args(self.annotation)[0]) for one in value]
            return _plain(value, self.annotation)
        except ValueError:
            return self.by_typer().coerce(value, param=param, ctx=ctx)


def _plain(value: object, annotation: object) -> object:
    """What a plain value means; raises ValueError where that is not plain to see."""
    if isinstance(annotation, type) and annotation is not Path:
        if isinstance(value, annotation):
            return value
        if isinstance(value, str) and issubclass(annotation, StrEnum):
            return annotation(value)
        if isinstance(value, str) and annotation is int and value.isascii() and value.isdigit():
            return int(value)
    raise ValueError
