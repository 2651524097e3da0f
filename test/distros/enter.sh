#!/bin/sh
# Runs a command in a new root of a Debian release, which has apt and little else. Needs root, the package mmdebstrap and
# a Debian mirror (mirror.sh).
#
#     test/distros/enter.sh RELEASE PACKAGES PROJECT COMMAND [WORD…]
#
# PACKAGES are installed, separated by commas; there may be none. The command runs in the folder PROJECT, whose files
# stay as they are: they are the lower layer of an overlay. $TMPDIR is this machine's, and npm has the registry that it
# has here.
set -eu

release=${1:?a Debian release, such as bookworm}
packages=$2
project=$(readlink -f "$3")
shift 3
temporary=${TMPDIR:-/tmp}
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' INT TERM HUP

mirror=$("$(dirname "$(readlink -f "$0")")/mirror.sh")
# The release file of unstable is valid for a week only, and mirrors can be older.
mmdebstrap --quiet --variant=apt ${packages:+"--include=$packages"} --aptopt='Acquire::Check-Valid-Until "false"' \
  "$release" "$work/root" "$mirror"
mkdir -p "$work/root/project" "$work/root$temporary" "$work/layer"
echo '127.0.0.1 localhost' >"$work/root/etc/hosts"
cat /etc/resolv.conf >"$work/root/etc/resolv.conf" 2>/dev/null || true
echo "registry=$(npm config get registry)" >"$work/root/root/.npmrc"
authorities=$(npm config get cafile)
if [ -e "$authorities" ]; then
  cat "$authorities" >"$work/root/root/authorities.pem"
  echo cafile=/root/authorities.pem >>"$work/root/root/.npmrc"
fi

# The mounts are in a namespace of their own and go with it.
export release project temporary work
exec_in_mounts='
  set -eu
  mount --make-rprivate /
  # `ip netns exec` makes / a slave, so it has to be a mount.
  mount --bind "$work/root" "$work/root"
  mount -t tmpfs tmpfs "$work/layer"
  mkdir "$work/layer/upper" "$work/layer/work"
  mount -t overlay overlay -o "lowerdir=$project,upperdir=$work/layer/upper,workdir=$work/layer/work" "$work/root/project"
  mount -t proc proc "$work/root/proc"
  mount -t sysfs sysfs "$work/root/sys"
  mount -t tmpfs tmpfs "$work/root/run"
  mount --rbind /dev "$work/root/dev"
  mount --bind "$temporary" "$work/root$temporary"
  exec chroot "$work/root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    TMPDIR="$temporary" CI="${CI:-}" $(env | grep "^FANCTL_" || true) sh -c "cd /project && exec \"\$@\"" sh "$@"'
unshare --mount sh -c "$exec_in_mounts" sh "$@"
