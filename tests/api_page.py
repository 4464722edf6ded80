"""The examples of docs/api.md, with what they print."""

import doctest
import re
import traceback
from contextlib import chdir
from pathlib import Path


class _Recorder(doctest.DocTestRunner):
    """Runs examples, and keeps what they print."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.printed: list[str] = []

    def report_start(self, out, test, example) -> None:
        pass

    def report_success(self, out, test, example, got) -> None:  # noqa: ARG002  as doctest calls it
        self.printed.append(got)

    report_failure = report_success

    def report_unexpected_exception(self, out, test, example, exc_info) -> None:  # noqa: ARG002
        last = traceback.format_exception_only(exc_info[1])[-1]
        self.printed.append(f"Traceback (most recent call last):\n    ...\n{last}")


def with_results(page: str, folder: Path) -> str:
    """Return a page whose `pycon` blocks show what they print when they run in a folder, one after the other."""
    names: dict[str, object] = {}
    with chdir(folder):
        return re.sub(r"(?<=```pycon\n).*?(?=```)", lambda found: _executed(found[0], names), page, flags=re.DOTALL)


def _executed(block: str, names: dict[str, object]) -> str:
    parser, recorder = doctest.DocTestParser(), _Recorder()
    test = doctest.DocTest(parser.get_examples(block), names, "docs/api.md", None, None, None)
    test.globs = names
    for example in test.examples:
        example.want, example.exc_msg = "", None
    recorder.run(test, out=lambda _: None, clear_globs=False)
    written = ""
    for example, printed in zip(test.examples, recorder.printed, strict=True):
        first, *more = example.source.splitlines()
        written += "".join([f">>> {first}\n", *(f"... {line}\n" for line in more), printed])
    folder = re.escape(str(Path.cwd()))
    return re.sub(folder, ".", written) + "\n"
