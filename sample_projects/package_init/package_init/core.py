"""The engine, which signs its work with the version of the package."""

from package_init import VERSION


class Engine:
    """Does the work."""

    def run(self, job: str) -> str:
        """Run a job and return the signed result."""
        return f"{job} done by engine {VERSION}"
