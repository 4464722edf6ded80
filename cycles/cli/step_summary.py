"""The summary that GitHub shows of a job: Markdown in the file that GITHUB_STEP_SUMMARY names."""

from cycles.cli.common import say_later


def append_summary(path: str | None, text: str) -> None:
    """Append Markdown to the summary of the job; nothing where there is no `path`, a remark where that fails."""
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8", newline="\n") as file:
            file.write(f"{text}\n")
    except OSError as error:
        say_later(f"the job summary {path} cannot be written ({error.strerror})")
