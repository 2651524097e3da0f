#!/bin/sh
# The README's two commands on a new machine: a root of a Debian release with apt and nothing else, no Node, no sudo. The
# project in it is a clone of what is committed.
#
#     test/distros/fresh.sh RELEASE
set -eu

here=$(dirname "$(readlink -f "$0")")
release=${1:?a Debian release, such as bookworm}
clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
trap 'exit 1' INT TERM HUP
git clone --quiet "$here/../.." "$clone"
# The README's lines begin with sudo, which a new machine may lack, and so does this one: root leaves it out.
commands=$(sed -n 's/^    sudo \(bin\/[a-z]*\) .*#.*/\1/p' "$clone/README.md")
[ "$(echo "$commands" | wc -l)" = 2 ] || {
  echo "test/distros/fresh.sh: the README does not have two commands for a new machine, but: $commands" >&2
  exit 1
}
# shellcheck disable=SC2086 # two words
"$here/enter.sh" "$release" '' "$clone" sh -e -c 'for command; do echo "--- $command"; "$command"; done' sh $commands
