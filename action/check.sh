#!/usr/bin/env bash
# Run `cycles check` with what the variables CYCLES_... ask for. Annotations go to stdout, the Markdown to the summary of
# the job and to the output `comment`, the outcome to the output `outcome`.
set -euo pipefail

# Words with spaces or line breaks between them, as an array that `words` names; nothing in them is expanded.
split() {
  IFS=$' \t\r\n' read -r -d '' -a words <<<"$1" || true
}

output() {
  local end
  end="end-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" # nobody can guess it and write outputs of their own
  printf '%s<<%s\n%s\n%s\n' "$1" "$end" "$2" "$end" >>"$GITHUB_OUTPUT"
}

arguments=(--format=github)
[[ -z $CYCLES_SINCE ]] || arguments+=("--since=$CYCLES_SINCE")
[[ -z $CYCLES_BASELINE ]] || arguments+=("--baseline=$CYCLES_BASELINE")
split "$CYCLES_GRAPH"
for graph in ${words[@]+"${words[@]}"}; do arguments+=("--graph=$graph"); done
split "$CYCLES_ARGS"
arguments+=(${words[@]+"${words[@]}"})
split "$CYCLES_PACKAGE"
arguments+=(-- ${words[@]+"${words[@]}"})

cycles="$RUNNER_TEMP/cycles-check/bin/cycles"
[[ -x $cycles ]] || cycles="$RUNNER_TEMP/cycles-check/Scripts/cycles.exe"
comment="$RUNNER_TEMP/cycles-check/comment.md"
errors="$RUNNER_TEMP/cycles-check/errors.txt"
: >"$comment"

cd -- "$CYCLES_FOLDER"
status=0
GITHUB_STEP_SUMMARY="$comment" "$cycles" check "${arguments[@]}" 2>"$errors" || status=$?
cat -- "$errors" >&2
case $status in
  0) outcome=passed ;;
  1) outcome=found ;;
  *)
    outcome=error
    message="$(<"$errors")"
    message="${message//'%'/%25}"
    message="${message//$'\r'/%0D}"
    echo "::error title=cycles check::${message//$'\n'/%0A}"
    ;;
esac
output outcome "$outcome"
output comment "$(<"$comment")"
[[ -z ${GITHUB_STEP_SUMMARY:-} ]] || cat -- "$comment" >>"$GITHUB_STEP_SUMMARY"
exit "$status"
