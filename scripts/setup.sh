#!/bin/sh
# Installs what is missing on a Debian machine: system packages, .venv, the locked packages, this workspace.
# Exit 3: something is missing that only an administrator can install; the line to run is printed.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

packages="gcc pkg-config python3-dev python3-venv libcairo2-dev libpango1.0-dev bubblewrap chromium curl fonts-dejavu-core fonts-noto-core"

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for package in $packages; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
elif ! command -v bwrap >/dev/null 2>&1 || ! pkg-config --exists cairo pangocairo 2>/dev/null; then
    say "This is not Debian. Install the equivalents of: $packages"
    exit 3
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ]; then
        say "Some system packages are missing. Run this, then try again:"
        say "    sudo apt-get update && sudo apt-get install -y$missing"
        exit 3
    fi
    say "Installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    # shellcheck disable=SC2086  # a list of words
    apt-get install -y -qq --no-install-recommends $missing </dev/null >/dev/null
fi

if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "botcore needs Python 3.11 or newer; $PYTHON is $("$PYTHON" --version 2>&1). Try: make PYTHON=/path/to/python3.12 $*"
    exit 3
fi

[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
say "Installing Python packages"
.venv/bin/uv pip install --quiet --require-hashes --python .venv/bin/python -r requirements.lock
# shellcheck disable=SC2046  # one option pair per member of the workspace
.venv/bin/uv pip install --quiet --no-deps --python .venv/bin/python -e . \
    $(for member in adapters/*/ plugins/*/; do printf ' -e %s' "${member%/}"; done)
touch .venv/.ready
