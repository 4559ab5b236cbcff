#!/usr/bin/env bash
# Installs the two public clients beside the scripts that use them.
set -euo pipefail
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
