"""What libraries do with the functions and classes that they are given while modules are imported: as data.

Names are those that imports resolve to, never last names alone. What is not listed is not known.
"""

import builtins
import sys
from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple


class Role(Enum):
    """How something is given to somebody."""

    CALL = auto()
    """As an argument."""
    DECORATOR = auto()
    BASE = auto()
    META = auto()
    """To a metaclass."""


NOTHING, CALLS, READS = 0, 1, 2
"""What may happen at once, as flags: it is called, or made an instance of; its annotations are evaluated."""


class _Row(NamedTuple):
    roles: Sequence[Role]
    effect: int
    names: str
    reason: str


FORGETTING = frozenset(
    [
        *("all", "any", "bool", "callable", "dir", "hasattr", "hash", "id", "int", "isinstance", "issubclass", "len"),
        *("print", "repr", "str", "sum", "type"),
    ]
)
"""Builtins whose results hold nothing of what they are given."""
_EVERY = tuple(Role)
_GIVEN = (Role.CALL, Role.DECORATOR)
_DERIVED = (Role.BASE, Role.META)
_ROWS = (
    _Row(_EVERY, NOTHING, "<stdlib> <builtins>", "but for what follows, the standard library keeps or wraps things"),
    _Row(
        (Role.CALL,),
        CALLS,
        """map filter functools.reduce itertools.accumulate itertools.starmap
        itertools.takewhile itertools.dropwhile
        itertools.filterfalse itertools.groupby re.sub re.subn contextlib.ExitStack().*
        contextlib.AsyncExitStack().* asyncio.run asyncio.run_coroutine_threadsafe contextvars.copy_context().run
        concurrent.futures.ThreadPoolExecutor().*
        concurrent.futures.ProcessPoolExecutor().* timeit.* operator.attrgetter() operator.methodcaller()
        operator.call sys.settrace sys.setprofile types.new_class json.loads json.load json.dumps json.dump""",
        "they call what they are given, or what is in it",
    ),
    _Row(
        _GIVEN,
        READS,
        """typing.get_type_hints typing_extensions.get_type_hints inspect.get_annotations inspect.signature
        annotationlib.* attr.resolve_types attrs.resolve_types""",
        "annotations are evaluated, or may be",
    ),
    _Row(
        _GIVEN,
        READS,
        "functools.singledispatch().register functools.singledispatchmethod().register",
        "it reads the type to dispatch on from the annotation",
    ),
    _Row(
        (Role.DECORATOR,),
        NOTHING,
        "functools.singledispatch().register() functools.singledispatchmethod().register()",
        "the type to dispatch on is given",
    ),
    _Row(
        _DERIVED,
        CALLS,
        """enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag enum.ReprEnum enum.EnumMeta enum.EnumType
        django.db.models.TextChoices django.db.models.IntegerChoices django.db.models.Choices
        django.db.models.enums.*""",
        "members are made with the class: __new__, __init__ and _generate_next_value_ run",
    ),
    _Row(
        (Role.DECORATOR,),
        READS,
        """pydantic.field_serializer() pydantic.model_serializer pydantic.model_serializer() pydantic.computed_field
        pydantic.computed_field() pydantic.validate_call pydantic.validate_call() pydantic.validate_arguments
        pydantic.validate_arguments() pydantic.dataclasses.dataclass pydantic.dataclasses.dataclass() strawberry.*
        typeguard.typechecked typeguard.typechecked() beartype.beartype beartype.beartype() injector.inject
        injector.* dependency_injector.wiring.inject
        fastapi.FastAPI().* fastapi.APIRouter().*
        fastapi.routing.APIRouter().* typer.Typer().* cyclopts.App().* ninja.NinjaAPI().* ninja.Router().* litestar.*
        punq.* plum.* multipledispatch.* ariadne.* langchain_core.tools.*
        langchain.tools.* mcp.server.fastmcp.FastMCP().*
        fastmcp.FastMCP().* graphene_pydantic.* temporalio.workflow.* temporalio.activity.*""",
        "arguments are validated or injected by evaluated annotations; the function itself waits",
    ),
    _Row(
        (Role.CALL,),
        READS,
        """pydantic.TypeAdapter pydantic.validate_call pydantic.create_model pydantic.validate_arguments fastapi.Depends
        fastapi.Security fastapi.params.Depends fastapi.param_functions.Depends typer.run fastapi.FastAPI
        fastapi.APIRouter fastapi.routing.APIRouter fastapi.FastAPI().*
        fastapi.APIRouter().* fastapi.routing.APIRouter().* injector.* strawberry.* cattrs.* cattr.* dacite.*
        typer.Typer().command() typeguard.* beartype.* punq.Container().* lagom.Container().*""",
        "annotations are evaluated, at the latest when what takes it is used",
    ),
    _Row(
        _DERIVED,
        READS,
        """pydantic.* pydantic_settings.* sqlmodel.* msgspec.* beanie.* odmantic.* ormar.* strawberry.* ninja.Schema
        ninja.schema.Schema sqlalchemy.orm.DeclarativeBase sqlalchemy.orm.DeclarativeBaseNoMeta
        sqlalchemy.orm.MappedAsDataclass sqlalchemy.orm.declarative_base() sqlalchemy.orm.DeclarativeMeta
        sqlalchemy.ext.declarative.declarative_base() sqlalchemy.orm.registry().generate_base()
        flask_sqlalchemy.SQLAlchemy().Model""",
        "fields are made from evaluated annotations",
    ),
    _Row(
        (Role.DECORATOR,),
        NOTHING,
        """pydantic.field_validator() pydantic.model_validator() pydantic.validator() pydantic.root_validator
        pydantic.root_validator()""",
        "methods are called with values, after the import",
    ),
    _Row(
        _GIVEN,
        NOTHING,
        """fastapi.FastAPI().include_router fastapi.APIRouter().include_router fastapi.FastAPI().mount
        fastapi.FastAPI().add_middleware fastapi.FastAPI().add_exception_handler fastapi.FastAPI().add_event_handler
        fastapi.FastAPI().middleware() fastapi.FastAPI().exception_handler() fastapi.FastAPI().on_event()
        fastapi.APIRouter().on_event() fastapi.Query fastapi.Body
        fastapi.Path fastapi.Header fastapi.Cookie fastapi.Form fastapi.File typer.Option typer.Argument
        typer.Typer().add_typer""",
        "kept for requests and for the command line",
    ),
    _Row((Role.BASE,), NOTHING, "fastapi.HTTPException fastapi.FastAPI fastapi.APIRouter", "plain classes"),
    _Row(
        (Role.CALL,),
        NOTHING,
        "pydantic.* pydantic_settings.* pydantic_core.* sqlmodel.* sqlalchemy.* flask_sqlalchemy.*",
        "descriptions of fields, columns and relations look things up when they are used",
    ),
    _Row((Role.CALL,), READS, "pydantic.TypeAdapter pydantic.create_model", "they evaluate at once"),
    _Row(
        (Role.DECORATOR,),
        CALLS,
        "sqlalchemy.orm.declared_attr sqlalchemy.orm.declared_attr.* sqlalchemy.ext.declarative.declared_attr",
        "they are called while the class is mapped",
    ),
    _Row(
        (Role.DECORATOR,),
        NOTHING,
        """sqlalchemy.event.* sqlalchemy.orm.validates() sqlalchemy.orm.reconstructor sqlalchemy.ext.hybrid.*
        sqlalchemy.ext.compiler.*""",
        "called on events",
    ),
    _Row(
        (Role.BASE,),
        NOTHING,
        "sqlalchemy.types.* sqlalchemy.TypeDecorator sqlalchemy.sql.* sqlalchemy.engine.*",
        "they hold no annotations",
    ),
    _Row(
        _EVERY,
        NOTHING,
        """attr.* attrs.* celery.* click.* django.* flask.* flask_babel.* flask_appbuilder.* flask_login.* jinja2.*
        marshmallow.* numpy.* pandas.* pytest.* rest_framework.* starlette.* structlog.* torch.* twisted.* werkzeug.*
        zope.interface.* scipy.* pyarrow.* rich.* tqdm.* requests.* httpx.* aiohttp.* anyio.* trio.* yaml.*
        hypothesis.* packaging.* docutils.* sphinx.* graphql.* wtforms.* prometheus_client.* opentelemetry.*
        deprecated.* typing_extensions.* six.* wrapt.* tenacity.* cachetools.* google.protobuf.* boto3.* botocore.*
        lxml.* itemadapter.* queuelib.* parsel.* w3lib.* modelcluster.* taggit.* treebeard.* django_filters.*
        graphene.* babel.* mpmath.* matplotlib.* dateutil.* kombu.* billiard.* vine.* apispec.* sqlparse.*""",
        "kept, wrapped or asked for later; annotations are not read",
    ),
    _Row(
        (Role.CALL,),
        CALLS,
        """attrs.define attrs.frozen attrs.mutable attr.s attr.attrs attr.define attr.frozen attr.mutable
        attr.dataclass""",
        "they call what transforms fields",
    ),
    _Row((Role.CALL,), CALLS, "numpy.vectorize() torch.jit.* hypothesis.find", "they call what they are given"),
)


_SHARING = (
    (
        """argparse.ArgumentParser().add_argument argparse.ArgumentParser().add_argument_group().add_argument
        argparse.ArgumentParser().add_mutually_exclusive_group().add_argument argparse.ArgumentParser().register
        argparse.ArgumentParser().add_subparsers().add_parser().add_argument argparse.ArgumentParser().set_defaults
        argparse.ArgumentParser().add_subparsers().add_parser().set_defaults""",
        "argparse.ArgumentParser().parse_args argparse.ArgumentParser().parse_known_args",
    ),
    (
        "django.dispatch.receiver() django.dispatch.Signal().connect",
        "django.dispatch.Signal().send django.dispatch.Signal().send_robust",
    ),
    ("sched.scheduler().enter sched.scheduler().enterabs", "sched.scheduler().run"),
    (
        """blinker.signal().connect blinker.Signal().connect blinker.Namespace().signal().connect
        blinker.signal().connect_via() blinker.Signal().connect_via()""",
        "blinker.signal().send blinker.Signal().send blinker.Namespace().signal().send",
    ),
    ("threading.Thread", "threading.Thread().start threading.Thread().run"),
    ("threading.Timer", "threading.Timer().start threading.Timer().run"),
)
KEEPERS = {name: number for number, (names, _) in enumerate(_SHARING) for name in names.split()}
"""What keeps functions until an asker with the same number is called."""
ASKERS = {name: number for number, (_, names) in enumerate(_SHARING) for name in names.split()}
_PROXIES = """django.utils.functional.SimpleLazyObject() django.utils.functional.lazy()() werkzeug.local.LocalProxy()
lazy_object_proxy.Proxy() wrapt.LazyObjectProxy()"""
PROXIES = frozenset(_PROXIES.split())
"""Objects that call what they are made of when anything of them is asked for."""
FACTORIES = frozenset(["collections.defaultdict()"])
"""Tables that call what they are made of when a key is asked for that is not there."""
CLASS_HOOKS = (
    *("__get_pydantic_core_schema__", "__get_pydantic_json_schema__", "__get_validators__", "__modify_schema__"),
    *("__pydantic_init_subclass__", "__attrs_init_subclass__", "__declare_first__", "__declare_last__"),
)
"""Methods by which classes tell libraries what to do; these call them while other classes are made."""
_ONLY_IF_TOLD = ("inspect.signature", "inspect.get_annotations")


def _spread() -> dict[tuple[Role, str], int]:
    """The rows by what they name; later rows win."""
    return {(role, name): row.effect for row in _ROWS for name in row.names.split() for role in row.roles}


_TABLE = _spread()
_BUILTIN = frozenset(vars(builtins))
_KEPT = ("operator.methodcaller", "operator.attrgetter", "functools.wraps", "super", "object", "type", "sys.modules")


def _beginnings() -> frozenset[str]:
    """All that a row names, and what that begins with."""
    found: set[str] = set()
    rows = (name.removesuffix(".*") for _, name in _TABLE)
    for name in (*rows, *KEEPERS, *ASKERS, *PROXIES, *_KEPT, "super().__new__", "object.__new__"):
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            whole = ".".join(parts[:length])
            found.update((whole, whole.removesuffix("()")))
    return frozenset(found)


_BEGINNINGS = _beginnings()


def shortened(name: str) -> str:
    """Return a foreign name that stands for this one as far as anything is known of it, "" where nothing need be.

    >>> shortened("logging.getLogger().info"), shortened("flask.Flask().route"), shortened("list().append")
    ('logging.getLogger.…', 'flask.…', '')
    """
    if name in _BEGINNINGS or ":" in name:
        return name
    parts = name.split(".")
    top = parts[0].partition("(")[0]
    if top in _BUILTIN and top not in sys.stdlib_module_names:
        return name if name == top else ""
    if len(parts) == 1:
        return top
    second = f"{top}.{parts[1].partition('(')[0]}"
    if name in (second, f"{second}()"):
        return name
    for length in range(len(parts) - 1, 0, -1):
        if (whole := ".".join(parts[:length])) in _BEGINNINGS:
            return f"{whole}.…"
    return f"{second}.…"


EVALUATING = (
    *("get_type_hints", "get_annotations", "eval_str", "resolve_types", "TypeAdapter", "validate_call", "create_model"),
    *("Depends", "APIRouter", "FastAPI", "typer.run", "typer.Typer", "call_with_injection"),
    *("__type_params__", "__parameters__"),
)
"""Words of which one stands in nearly every text that hands something to what evaluates annotations."""


def effect_of(role: Role, name: str, named: Sequence[str] = ()) -> int | None:
    """Return what a library that a name resolves to does with what it is given, None where that is not known.

    A name ends in `()` where it is called first: `click.command()` is what decorates in `@click.command("x")`. `named`
    are the names of arguments.

    >>> effect_of(Role.DECORATOR, "functools.cache"), effect_of(Role.CALL, "map"), effect_of(Role.BASE, "new.Base")
    (0, 1, None)
    """
    if name in _ONLY_IF_TOLD and "eval_str" not in named:
        return NOTHING
    for spelled in (name, name.removesuffix("()")):
        found = _TABLE.get((role, spelled))
        if found is not None:
            return found
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        found = _TABLE.get((role, f"{'.'.join(parts[:length])}.*"))
        if found is not None:
            return found
    return NOTHING if is_of_python(name) else None


def is_of_python(name: str) -> bool:
    """Whether something foreign is of the standard library or a builtin."""
    top = name.partition(".")[0].partition("(")[0]
    return top in sys.stdlib_module_names or top in _BUILTIN
