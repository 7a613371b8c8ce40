# Sourced by the steps: installs what they need, or says why they cannot run.

# Ends the step as skipped; with CI=true .ci/run takes that for a failure.
skip() {
  printf 'skipped: %s\n' "$*"
  exit 77
}

# Installs Debian packages that are not there yet.
need_packages() {
  local package missing=()
  for package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]} > 0)) || return 0
  command -v apt-get >/dev/null || skip "install these first: ${missing[*]}"
  ((EUID == 0)) || skip "install these first: sudo apt-get install ${missing[*]}"
  if [[ ! -e $CI_LOGS/apt-updated ]]; then
    apt-get update -qq
    touch "$CI_LOGS/apt-updated"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$CI_LOGS/apt" 2>&1 || {
    cat "$CI_LOGS/apt"
    return 1
  }
}

# Installs a cargo command of this version outside the tree, once.
need_cargo_command() {
  local name=$1 version=$2
  export PATH=$CI_CACHE/bin:$PATH
  if [[ ! -x $CI_CACHE/bin/$name ]] || ! grep -qs "\"$name $version " "$CI_CACHE/.crates2.json"; then
    # A tool that runs for seconds need not be optimised for minutes.
    cargo install --quiet --locked --root "$CI_CACHE" --target-dir "$CI_CACHE/build" "$name@$version" \
      --config profile.release.opt-level=1 --config 'profile.release.lto="off"' \
      --config profile.release.codegen-units=16 --config profile.release.debug=false
    rm -rf "$CI_CACHE/build"
  fi
}
