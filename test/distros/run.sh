#!/bin/sh
# Runs the unit and CLI tests with the Node of a Debian release: bookworm has Node 18, trixie 20, unstable 24.
#
#     test/distros/run.sh RELEASE [WORD…]     further words are for vitest
set -eu

here=$(dirname "$(readlink -f "$0")")
release=${1:?a Debian release, such as bookworm}
shift
exec "$here/enter.sh" "$release" nodejs "$here/../.." sh -c \
  'echo "Node $(node --version)"; exec node node_modules/vitest/vitest.mjs run --project unit "$@"' sh "$@"
