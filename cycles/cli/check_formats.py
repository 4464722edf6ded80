"""The formats of `--check` that other services read: comments, annotations and summaries on GitHub, SARIF."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from cycles.cli.common import say_later
from cycles.cli.options import CheckFormat
from cycles.errors import CyclesError

if TYPE_CHECKING:
    from cycles.check.findings import Change
    from cycles.report.notices import Notices

SERVICES = (CheckFormat.MARKDOWN, CheckFormat.GITHUB, CheckFormat.SARIF)


def need_check(output_format: CheckFormat, *, check: bool) -> None:
    """Raise CyclesError where a format has nothing to say without `--check`."""
    if output_format in SERVICES and not check:
        raise CyclesError(f"--format {output_format} prints what --check finds; add --check")


def for_services(
    output_format: CheckFormat, notices: "Callable[[str | None], Notices]", markdown: Callable[[], str]
) -> str:
    """Return what a check found in the format of a service; on GitHub it becomes the summary of the job, too.

    Args:
        output_format: one of SERVICES.
        notices: returns the notices, with paths as seen from a folder where one is given.
        markdown: returns the comment.

    """
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if output_format is CheckFormat.MARKDOWN:
        return markdown()
    if output_format is CheckFormat.GITHUB:
        from cycles.report.notices import as_github

        append_summary(os.environ.get("GITHUB_STEP_SUMMARY"), markdown)
        return as_github(notices(workspace))
    from cycles.report.notices import as_sarif

    return as_sarif(notices(workspace))


def cycles_for_services(output_format: CheckFormat, change: "Change", picture: Callable[[], str] = str) -> str:
    """Return what became of import cycles in the format of a service; a comment may show a picture of the change."""
    from cycles.report.check_markdown import check_as_markdown
    from cycles.report.check_words import check_notices

    return for_services(
        output_format,
        lambda workspace: check_notices(change, workspace),
        lambda: check_as_markdown(change, picture()),
    )


def append_summary(path: str | None, markdown: Callable[[], str]) -> None:
    """Append Markdown to the summary of a job; nothing where there is no `path`, a remark where that fails."""
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8", newline="\n") as file:
            file.write(f"{markdown()}\n")
    except OSError as error:
        say_later(f"the job summary {path} cannot be written ({error.strerror})")
