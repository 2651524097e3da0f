#!/bin/sh
# Runs the unit and CLI tests with the Node of a Debian release, in a folder that has that release: bookworm has Node 18,
# trixie 20, unstable 24. Needs root, the package mmdebstrap and a Debian mirror, which is the one that this machine has.
#
#     test/distros/run.sh SUITE [WORD…]     further words are for vitest
#
# What the tests write does not reach this project: it is the lower layer of an overlay.
set -eu

suite=${1:?the name of a Debian release, such as bookworm}
shift
here=$(cd "$(dirname "$0")/../.." && pwd)
temporary=${TMPDIR:-/tmp}
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' INT TERM HUP

# Without one of Debian's own, mmdebstrap knows a mirror.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' | head -n 1)
# The release file of unstable is valid for a week only, and mirrors can be older.
mmdebstrap --quiet --variant=apt --include=nodejs --aptopt='Acquire::Check-Valid-Until "false"' \
  "$suite" "$work/root" $mirror
mkdir -p "$work/root/project" "$work/root$temporary" "$work/layer"
echo '127.0.0.1 localhost' >"$work/root/etc/hosts"

# The mounts are in a namespace of their own and go with it.
export suite here temporary work
exec_in_mounts='
  set -eu
  mount --make-rprivate /
  mount -t tmpfs tmpfs "$work/layer"
  mkdir "$work/layer/upper" "$work/layer/work"
  mount -t overlay overlay -o "lowerdir=$here,upperdir=$work/layer/upper,workdir=$work/layer/work" "$work/root/project"
  mount -t proc proc "$work/root/proc"
  mount --rbind /dev "$work/root/dev"
  mount --bind "$temporary" "$work/root$temporary"
  exec chroot "$work/root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR="$temporary" CI="${CI:-}" sh -c "
    cd /project
    echo \"$suite, Node \$(node --version)\"
    exec node node_modules/vitest/vitest.mjs run --project unit \"\$@\"" sh "$@"'
unshare --mount sh -c "$exec_in_mounts" sh "$@"
