"""What libraries do on import with the functions and classes that they are given: as data, with the reasons.

What is not listed may do anything, but for what no class does to those that are derived from it.
Names are those that imports resolve to, never last names alone.
"""

import builtins
import sys
from enum import Enum
from typing import NamedTuple

NOTHING, SPECIAL, TAKEN, RUN, READ, METHODS, HOOK, ITEM, AWAY = 0, 1, 2, 4, 8, 16, 32, 64, 128
"""What may happen to a function or class while modules are imported, as flags.

SPECIAL: it is called, or special methods of its instances are. TAKEN: attributes of it are used. RUN: any code in it
runs. READ: its annotations are evaluated; METHODS: those of its methods too. HOOK: it is subclassed. ITEM: an
attribute of it is called. AWAY: a function that is given it takes attributes, such as properties of an instance.
"""
ANYTHING = SPECIAL | TAKEN | RUN | READ | METHODS
USED = SPECIAL | TAKEN | RUN
"""What may happen to what is called, or has an attribute used, where its results are not followed."""


class Role(Enum):
    """How a library is given something."""

    CALL = "as an argument"
    DECORATOR = "to decorate it"
    BASE = "as a subclass"
    META = "as an instance of a metaclass"
    FIELD = "as the class whose attribute it makes"


UNKNOWN = dict.fromkeys(Role, ANYTHING) | dict.fromkeys((Role.BASE, Role.META, Role.FIELD), READ | HOOK)
"""What a library does that is not listed. When a class is made, none of its ordinary methods is there to be called:
what sees it may ask for its annotations, and run hooks."""


class RuntimeEvaluated(NamedTuple):
    """What a project's configuration says: bases and decorators that evaluate annotations, imports that must stay."""

    bases: frozenset[str] = frozenset()
    decorators: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()


class _Row(NamedTuple):
    roles: tuple[Role, ...]
    effect: int
    names: str
    reason: str


_EVERY = tuple(Role)
_GIVEN = (Role.CALL, Role.DECORATOR)
_MADE_OF = (Role.BASE, Role.META, Role.FIELD)
_TYPING = tuple(
    f"{module}.{name}"
    for module in ("typing", "typing_extensions")
    for name in ("cast", "TypeVar", "NewType", "ForwardRef", "assert_type", "TypedDict", "NamedTuple", "TypeAliasType")
)
TYPE_TEXTS = frozenset(_TYPING)
"""Calls whose texts are types, which nothing evaluates."""

MAPPING = frozenset(["map", "filter", "functools.reduce", "itertools.starmap"])
"""Calls of their first argument with what is in the others."""
_FORGETTING = """
    all any bool callable hasattr hash id int isinstance issubclass len print repr str sum
"""
FORGETTING = frozenset(_FORGETTING.split())
"""Calls whose results hold nothing of what they are given."""
SORTING = frozenset(["min", "max", "sorted"])
"""Calls of what they are given by a keyword."""

RELATIONS = frozenset(
    [
        "sqlalchemy.orm.backref",
        "sqlalchemy.orm.dynamic_loader",
        "sqlalchemy.orm.relationship",
        "sqlmodel.Relationship",
        "sqlmodel.main.Relationship",
    ]
)
"""Calls that make an attribute whose quoted type is looked up among the mapped classes, and only when it is used."""

_HARMLESS = """
    contextvars.ContextVar threading.Lock threading.RLock threading.local typing.NewType typing.ParamSpec
    typing.TypeVar typing.TypeVarTuple typing.NamedTuple typing.TypedDict typing.cast typing_extensions.NewType
    typing_extensions.ParamSpec typing_extensions.TypeVar typing_extensions.TypeVarTuple
    typing_extensions.TypedDict re.compile dict frozenset list set tuple object str int float bool bytes range
    len sorted min max sum zip enumerate reversed isinstance type property collections.namedtuple
    collections.OrderedDict collections.defaultdict collections.deque collections.Counter logging.getLogger
    structlog.get_logger dataclasses.field attrs.field attr.ib attrs.Factory pydantic.Field pydantic.ConfigDict
    datetime.timedelta datetime.datetime datetime.date decimal.Decimal fractions.Fraction pathlib.Path
    pathlib.PurePath uuid.UUID enum.auto functools.partial operator.attrgetter operator.itemgetter
    types.MappingProxyType types.SimpleNamespace itertools.count os.path.join os.path.dirname os.path.abspath
    os.environ.get os.getenv
"""
HARMLESS = frozenset(_HARMLESS.split())
"""Calls that change nothing outside what they return, given plain values."""

_ROWS = (
    _Row(
        _GIVEN,
        NOTHING,
        """isinstance issubclass list tuple set frozenset dict zip enumerate reversed id callable type super object
        property staticmethod classmethod hasattr slice""",
        "they look at what something is, or hold it",
    ),
    _Row(
        _GIVEN,
        NOTHING,
        "print str repr format hash bool len int float bytes abs round divmod sum any all next iter min max sorted",
        "special methods, which whoever makes an instance may run already",
    ),
    _Row(_GIVEN, SPECIAL, "map filter functools.reduce itertools.* re.sub re.subn", "they call what they are given"),
    _Row(_GIVEN, SPECIAL | RUN, "getattr operator.* contextlib.ExitStack().*", "any method may be meant"),
    _Row(
        _GIVEN,
        NOTHING,
        """typing.* typing_extensions.* abc.* functools.* contextlib.* collections.* weakref.* types.* logging.*
        contextvars.* dataclasses.* warnings.* threading.local threading.Lock threading.RLock asyncio.Lock enum.*
        copy.copy re.* os.* pathlib.* decimal.* datetime.* uuid.* importlib.metadata.* string.* time.* argparse.*
        atexit.* codecs.* struct.* unittest.mock.* textwrap.* sys.intern importlib.import_module __import__""",
        "stored or wrapped; called, if at all, after the import",
    ),
    _Row(
        _GIVEN,
        READ | METHODS,
        "typing.get_type_hints typing_extensions.get_type_hints attr.resolve_types attrs.resolve_types",
        "annotations are evaluated, and nothing is called",
    ),
    _Row((Role.DECORATOR, *_MADE_OF), NOTHING, "<stdlib>", "no part of the standard library but those named here acts"),
    _Row(_GIVEN, READ, "functools.singledispatch().register", "it reads the type to dispatch on from the annotation"),
    _Row((Role.DECORATOR,), NOTHING, "functools.singledispatch().register()", "the type to dispatch on is given"),
    _Row(
        (Role.BASE, Role.META),
        SPECIAL,
        "enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag enum.ReprEnum enum.EnumMeta enum.EnumType",
        "members are made with the class: __new__, __init__ and _generate_next_value_ run",
    ),
    _Row(_EVERY, NOTHING, "attr.* attrs.*", "annotations are kept as they are, factories until an instance is made"),
    _Row(
        (Role.BASE, Role.META),
        SPECIAL | READ,
        """pydantic.* pydantic_settings.* sqlmodel.* msgspec.* beanie.* odmantic.* ormar.* strawberry.*
        ninja.Schema ninja.schema.Schema""",
        "fields are made from evaluated annotations; hooks such as __pydantic_init_subclass__ run",
    ),
    _Row((Role.FIELD, Role.CALL), NOTHING, "pydantic.fields.* pydantic.types.* pydantic_settings.*", "data"),
    _Row(
        (Role.FIELD, Role.CALL),
        NOTHING,
        """pydantic.Field pydantic.PrivateAttr pydantic.ConfigDict pydantic.BeforeValidator pydantic.AfterValidator
        pydantic.WrapValidator pydantic.PlainSerializer pydantic.PlainValidator pydantic.StringConstraints
        sqlmodel.Field sqlmodel.Relationship sqlmodel.main.Field sqlmodel.main.Relationship""",
        "a description that is kept for later, and does not look at its owner",
    ),
    _Row(
        (Role.DECORATOR,),
        NOTHING,
        """pydantic.field_validator() pydantic.model_validator() pydantic.validator() pydantic.root_validator
        pydantic.root_validator()""",
        "methods are called with values, after the import",
    ),
    _Row(
        (Role.DECORATOR,),
        READ,
        """pydantic.field_serializer() pydantic.model_serializer pydantic.model_serializer() pydantic.computed_field
        pydantic.computed_field() pydantic.validate_call pydantic.validate_call() pydantic.validate_arguments
        pydantic.validate_arguments() pydantic.dataclasses.dataclass pydantic.dataclasses.dataclass() strawberry.*
        typeguard.typechecked beartype.beartype injector.inject dependency_injector.wiring.inject fastapi.FastAPI().*
        fastapi.APIRouter().* fastapi.routing.APIRouter().* typer.Typer().* cyclopts.App().* ninja.NinjaAPI().*
        ninja.Router().* litestar.*""",
        "arguments are validated or injected by evaluated annotations; the function itself waits",
    ),
    _Row(
        (Role.CALL,),
        READ | METHODS,
        """pydantic.TypeAdapter pydantic.validate_call pydantic.create_model fastapi.Depends fastapi.Security
        fastapi.params.Depends typer.run fastapi.FastAPI().* fastapi.APIRouter().* fastapi.routing.APIRouter().*""",
        "annotations are evaluated, at the latest when a route takes it",
    ),
    _Row(
        (Role.CALL,),
        NOTHING,
        """fastapi.FastAPI().include_router fastapi.APIRouter().include_router fastapi.FastAPI().mount
        fastapi.FastAPI().add_middleware fastapi.FastAPI().add_exception_handler fastapi.Query fastapi.Body
        fastapi.Path fastapi.Header fastapi.Cookie fastapi.Form fastapi.File typer.Option typer.Argument
        typer.Typer().add_typer""",
        "kept for requests and for the command line",
    ),
    _Row(
        (Role.BASE, Role.META),
        READ,
        """sqlalchemy.orm.DeclarativeBase sqlalchemy.orm.DeclarativeBaseNoMeta sqlalchemy.orm.MappedAsDataclass
        sqlalchemy.orm.declarative_base() sqlalchemy.ext.declarative.declarative_base() sqlalchemy.orm.DeclarativeMeta
        sqlalchemy.orm.registry().generate_base() flask_sqlalchemy.SQLAlchemy().Model""",
        "columns are made from evaluated `Mapped[…]` annotations",
    ),
    _Row((Role.FIELD, Role.CALL), NOTHING, "sqlalchemy.*", "columns and relations look things up when they are used"),
    _Row(
        (Role.BASE,),
        NOTHING,
        "sqlalchemy.types.* sqlalchemy.TypeDecorator sqlalchemy.sql.*",
        "they hold no annotations",
    ),
    _Row(
        (Role.DECORATOR,),
        SPECIAL,
        "sqlalchemy.orm.declared_attr sqlalchemy.orm.declared_attr.* sqlalchemy.ext.declarative.declared_attr",
        "they are called while the class is mapped",
    ),
    _Row(
        (Role.DECORATOR,),
        NOTHING,
        "sqlalchemy.event.* sqlalchemy.orm.validates() sqlalchemy.orm.reconstructor sqlalchemy.ext.hybrid.*",
        "called on events",
    ),
    _Row(
        _EVERY,
        NOTHING,
        """django.db.* django.forms.* django.views.* django.contrib.* django.core.* django.apps.* django.urls.*
        django.dispatch.* django.template.* django.utils.* django.conf.* django.http.* django.test.* django.middleware.*
        django.shortcuts.* rest_framework.*""",
        "fields are collected by class; functions are kept for requests, signals, commands; annotations are not read",
    ),
    _Row(
        _EVERY,
        NOTHING,
        """celery.* click.* pytest.* flask.* flask_babel.* flask_appbuilder.* werkzeug.* marshmallow.* structlog.*
        starlette.*""",
        "kept for later; annotations are not read",
    ),
    _Row((Role.BASE,), NOTHING, "fastapi.HTTPException fastapi.FastAPI fastapi.APIRouter", "plain classes"),
)


def _spread() -> tuple[dict[tuple[Role, str], int], dict[tuple[Role, str], int]]:
    """The rows by what they name: names in full, and beginnings that end in a star; later rows win."""
    exact: dict[tuple[Role, str], int] = {}
    beginnings: dict[tuple[Role, str], int] = {}
    for row in _ROWS:
        for name in row.names.split():
            for role in row.roles:
                if name.endswith("*"):
                    beginnings[role, name[:-1]] = row.effect
                else:
                    exact[role, name] = row.effect
    return exact, beginnings


_EXACT, _BEGINNINGS = _spread()
_BUILTIN = frozenset(vars(builtins))


def effect_of(role: Role, name: str) -> int | None:
    """What a library that a name resolves to does with what it is given, None where that is not known.

    A name ends in `()` where it is called first: `click.command()` is what decorates in `@click.command(name="x")`.
    """
    for spelled in (name, name.removesuffix("()")):
        found = _EXACT.get((role, spelled))
        if found is not None:
            return found
    at = len(name)
    while at > 0:
        found = _BEGINNINGS.get((role, name[:at]))
        if found is not None:
            return found
        at = max(name.rfind(".", 0, at - 1) + 1, 0)
    top = name.partition(".")[0].removesuffix("()")
    if top in sys.stdlib_module_names or (top in _BUILTIN and "." not in name):
        return _EXACT.get((role, "<stdlib>"))
    return None
