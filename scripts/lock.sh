#!/bin/sh
# Writes requirements.lock: every third-party package of the workspace, pinned, with hashes, for all platforms.
set -eu
cd "$(dirname "$0")/.."
own=$(sed -n 's/^name = "\(botcore-.*\)"$/--no-emit-package \1/p' pyproject.toml adapters/*/pyproject.toml plugins/*/pyproject.toml)
# shellcheck disable=SC2086  # one option pair per package
exec .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
    $own pyproject.toml adapters/*/pyproject.toml plugins/*/pyproject.toml --group dev -o requirements.lock "$@"
