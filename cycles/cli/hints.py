"""What to type next, for errors that do not know the command line."""

from cycles.errors import (
    CyclesError,
    KeptAndCutError,
    NoMatchError,
    NotOnCycleError,
    PackageNotFoundError,
    UncuttableError,
)


def sentence(error: CyclesError) -> str:
    """Return what is wrong and what to do next, in one sentence."""
    match error:
        case NoMatchError(pattern=(importer, imported), role=role):
            return (
                f"--{role} {importer} {imported} matches no import inside a component; `cycles cuts --all` lists them"
            )
        case KeptAndCutError():
            return f"{error}; drop one of the two options"
        case UncuttableError():
            return f"{error}; drop a --keep"
        case NotOnCycleError(package=package):
            return f"{error}; `cycles scc {package}` lists what is"
        case PackageNotFoundError(alike=()):
            return f"{error}; run it in the folder that holds the package, or add --source-root FOLDER"
    return str(error)
