#!/usr/bin/env bash
# Install cycles for check.sh, in an environment of its own: nothing of the project's changes.
set -euo pipefail

environment="$RUNNER_TEMP/cycles-check"
"$CYCLES_PYTHON" -m venv "$environment"
python="$environment/bin/python"
[[ -x $python ]] || python="$environment/Scripts/python.exe"
"$python" -m pip install --quiet --disable-pip-version-check "${CYCLES_VERSION:+cycles==}${CYCLES_VERSION:-$GITHUB_ACTION_PATH}"
