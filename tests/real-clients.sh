#!/usr/bin/env bash
# Points clients that nobody here wrote at the simulated Azure: skopeo (apt install skopeo) and azure-cli (pip install
# azure-cli). They run in a network namespace of their own, where its name server and its port 443 are the only ones,
# so that every host name is real and no packet leaves the machine. Needs unshare and ip (util-linux, iproute2).
#
#   tests/real-clients.sh                 # with az on the PATH, or AZ=/path/to/az
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${INSIDE_NAMESPACE:-}" ]; then
    for program in skopeo "${AZ:-az}" unshare ip; do
        command -v "$program" >/dev/null || { echo "missing: $program"; exit 2; }
    done
    cargo build --quiet --package simulated-azure
    exec env INSIDE_NAMESPACE=1 unshare --map-root-user --net --mount "$0" "$@"
fi

az=${AZ:-az}
simulator=$PWD/target/debug/simulated-azure
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

ip link set lo up
echo 'nameserver 127.0.0.1' >"$folder/resolv.conf"
mount --bind "$folder/resolv.conf" /etc/resolv.conf
export HOME=$folder REGISTRY_AUTH_FILE=$folder/auth.json
export AZURE_CONFIG_DIR=$folder/azure AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_CHECK_VERSION=no
# An engine of this machine would pull its sample image from outside the namespace.
export DOCKER_COMMAND=false
unset HTTPS_PROXY HTTP_PROXY https_proxy http_proxy

# Starts the world of a scenario and takes over what it exports.
world() {
    echo
    echo "$1"
    rm -rf "$REGISTRY_AUTH_FILE" "$AZURE_CONFIG_DIR"
    : >"$folder/served"
    "$simulator" --serve "$1" --https 443 --dns 53 >"$folder/served" &
    serving=$!
    until grep -q '^# Serving' "$folder/served"; do sleep 0.05; done
    # shellcheck disable=SC1091  # the file is written above
    . "$folder/served"
    export SSL_CERT_FILE REQUESTS_CA_BUNDLE=$SSL_CERT_FILE
}

# Ends that world; what the clients sent must all have belonged where it went.
over() {
    sleep 0.3
    if grep -E '^# (unknown request|.* sent to )' "$folder/served"; then failures=$((failures + 1)); fi
    kill "$serving"
    wait "$serving" 2>/dev/null || true
}

# expect WORDS COMMAND...: the command's output must hold the words, whatever its exit code.
expect() {
    local words=$1 said
    shift
    said=$("$@" 2>&1) || true
    if grep -qF -- "$words" <<<"$said"; then
        echo "  ok      $(shown "$@")"
    else
        echo "  FAILED  $(shown "$@")"
        echo "    wanted: $words"
        tail -15 <<<"$said" | sed 's/^/    said:   /'
        failures=$((failures + 1))
    fi
}

shown() {
    echo "$*" | sed -E 's/(-p|--password) [^ ]+/\1 .../; s/(-creds) [^ ]+/\1 .../' | cut -c1-110
}

sign_in() {
    "$az" login --service-principal -u "$ACR_PREFLIGHT_CLIENT_ID" -p "$ACR_PREFLIGHT_CLIENT_SECRET" \
        --tenant "$ACR_PREFLIGHT_TENANT_ID" --allow-no-subscriptions
}

check_health() {
    "$az" acr check-health --name "$ACR_PREFLIGHT_REGISTRY" --yes --ignore-errors "$@"
}

host=contosoacr.azurecr.io

world healthy
expect '"user"' sign_in
expect '"username": "00000000-0000-0000-0000-000000000000"' "$az" acr login -n contosoacr --expose-token
expect "Fetch access token for registry '$host' : OK" check_health
# The command demands the right to delete as well, which a pipeline does not need.
expect 'You are lacking delete' check_health --repository team/app
expect '"team/app"' "$az" acr repository list -n contosoacr
expect '"writeEnabled": true' "$az" acr repository show -n contosoacr --repository team/app
expect '"displayName": "pipeline"' "$az" ad app credential list --id "$ACR_PREFLIGHT_CLIENT_ID"
token=$("$az" acr login -n contosoacr --expose-token --query accessToken -o tsv 2>/dev/null)
expect 'Login Succeeded' skopeo login "$host" -u 00000000-0000-0000-0000-000000000000 -p "$token"
expect '"Architecture": "amd64"' skopeo inspect "docker://$host/team/app:1.0"
expect '"1.0"' skopeo list-tags "docker://$host/team/app"
expect 'Writing manifest list' skopeo copy --all "docker://$host/team/app:1.0" "dir:$folder/copy"
expect 'Writing manifest list' skopeo copy --all "dir:$folder/copy" "docker://$host/team/copy:2.0"
expect '"2.0"' skopeo list-tags "docker://$host/team/copy"
expect 'Login Succeeded' skopeo login "$host" -u "$ACR_PREFLIGHT_CLIENT_ID" -p "$ACR_PREFLIGHT_CLIENT_SECRET"
expect 'invalid username/password' skopeo login "$host" -u "$ACR_PREFLIGHT_CLIENT_ID" -p wrong
expect 'manifest unknown' skopeo inspect "docker://$host/team/app:9.9"
over

world no-push-permission
expect '"user"' sign_in
expect 'You have pull and metadata_read permissions' check_health --repository team/app
expect 'Writing manifest' skopeo copy --all --src-creds "$ACR_PREFLIGHT_CLIENT_ID:$ACR_PREFLIGHT_CLIENT_SECRET" \
    "docker://$host/team/app:1.0" "dir:$folder/copy"
expect 'requested access to the resource is denied' skopeo copy --all \
    --dest-creds "$ACR_PREFLIGHT_CLIENT_ID:$ACR_PREFLIGHT_CLIENT_SECRET" "dir:$folder/copy" "docker://$host/team/copy:2.0"
over

world registry-rejects-identity
expect '"user"' sign_in
expect 'CONNECTIVITY_REFRESH_TOKEN_ERROR' check_health
over

world firewall-ip-denied
expect '"user"' sign_in
expect 'CONNECTIVITY_FORBIDDEN_ERROR' check_health
expect 'invalid status code from registry 403 (Forbidden)' skopeo inspect "docker://$host/team/app:1.0"
over

world registry-not-found
expect '"user"' sign_in
expect 'CONNECTIVITY_DNS_ERROR' check_health
over

world secret-expired
expect 'AADSTS7000222' sign_in
over

world secret-invalid
expect 'AADSTS7000215' sign_in
over

world operation-disallowed
expect 'The operation is disallowed on this registry, repository or image' skopeo copy \
    --dest-creds "$ACR_PREFLIGHT_CLIENT_ID:$ACR_PREFLIGHT_CLIENT_SECRET" \
    "dir:$folder/copy" "docker://$host/team/app:2.0"
over

world healthy-anonymous
expect '"Architecture": "amd64"' skopeo inspect "docker://$host/team/app:1.0"
expect 'authentication required' skopeo copy --all "dir:$folder/copy" "docker://$host/team/copy:2.0"
over

echo
if [ "$failures" -eq 0 ]; then echo "All clients agree."; else echo "$failures disagreements."; exit 1; fi
