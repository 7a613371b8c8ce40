# Sourced by the container's tests: starts the simulated Azure, and says what must hold.
#
# Wants IMAGE, the image under test, and SIMULATOR, the program that simulates; leaves FOLDER, the job's own folder.

FOLDER=$(mktemp -d)
serving=

# Starts a scenario and reads the environment of its job into the associative array JOB.
declare -A JOB
simulate() {
  stop_simulation
  : >"$FOLDER/exports"
  "${SIMULATOR:?}" --serve "$1" >"$FOLDER/exports" 2>"$FOLDER/simulator.log" &
  serving=$!
  for _ in {1..100}; do
    ! grep -q '^# Serving' "$FOLDER/exports" || break
    sleep 0.1
  done
  grep -q '^# Serving' "$FOLDER/exports" || { cat "$FOLDER/simulator.log"; return 1; }
  JOB=()
  local line name
  while IFS= read -r line; do
    [[ $line == export\ * ]] || continue
    line=${line#export } name=${line%%=*} line=${line#*=\'}
    JOB[$name]=${line%\'}
  done <"$FOLDER/exports"
  # The container sees the simulated authority's certificate in a folder of its own.
  mkdir -p "$FOLDER/ca"
  cp "${JOB[SSL_CERT_FILE]}" "$FOLDER/ca/ca.pem"
}

stop_simulation() {
  [[ -z $serving ]] || { kill "$serving" && wait "$serving"; } 2>/dev/null || true
  serving=
}
trap 'stop_simulation; rm -rf "$FOLDER"' EXIT

# must WHAT COMMAND…: ends the test where the command fails.
must() {
  local what=$1
  shift
  if "$@" >"$FOLDER/must" 2>&1; then
    printf 'ok      %s\n' "$what"
  else
    printf 'FAILED  %s\n        %s\n' "$what" "$*"
    cat "$FOLDER/must"
    for file in "${SHOWN[@]}"; do
      printf -- '--- %s\n' "$file"
      cat "$file"
    done
    exit 1
  fi
}
SHOWN=()

# Nothing that the job may keep secret stands in these files.
hold_no_secret() {
  ! grep -rF "${JOB[ACR_PREFLIGHT_CLIENT_SECRET]}" "$@"
}
