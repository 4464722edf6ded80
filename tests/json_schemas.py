"""The schemas that the JSON of each command keeps, made of the values that are written; `make golden` writes them."""

from json import dumps

from pydantic import TypeAdapter

from cycles.report.check_json import CheckChangeDocument
from cycles.report.definitions_json import DefinitionsDocument
from cycles.report.fix_json import FixedDocument
from cycles.report.groups_json import GroupsCutsDocument, GroupsSccDocument, GroupsWhyDocument, LayersDocument
from cycles.report.json_by_command import (
    ChainDocument,
    ContractDocument,
    CutsDocument,
    EntriesDocument,
    MovedCutsDocument,
    SccDocument,
    TracebackDocument,
    WhyDocument,
)
from cycles.report.startup_json import StartupDocument


def schemas() -> dict[str, str]:
    """Return the JSON Schema (draft 2020-12) of what each command writes, by the name of the command."""
    adapters: dict[str, TypeAdapter[object]] = {
        "scc": TypeAdapter(SccDocument | GroupsSccDocument),
        "cuts": TypeAdapter(CutsDocument | MovedCutsDocument | GroupsCutsDocument | LayersDocument),
        "why": TypeAdapter(WhyDocument | ChainDocument | TracebackDocument | GroupsWhyDocument),
        "entries": TypeAdapter(EntriesDocument),
        "contract": TypeAdapter(ContractDocument),
        "check": TypeAdapter(CheckChangeDocument),
        "definitions": TypeAdapter(DefinitionsDocument),
        "fix": TypeAdapter(FixedDocument),
        "startup": TypeAdapter(StartupDocument),
    }
    return {
        command: dumps(adapter.json_schema(mode="serialization"), indent=2) + "\n"
        for command, adapter in adapters.items()
    }
