#!/bin/sh
# Unpacks a stock Debian kernel into a cache folder and prints that folder. Nothing is installed on the machine.
#
#     test/vm/kernel.sh RELEASE [ARCHITECTURE]     bullseye, bookworm, trixie or unstable; amd64 or arm64
#
# The folder then holds `vmlinuz`, `initramfs`, `version` and `root/lib/modules`. It is fetched once, and again when these
# scripts change; remove it to get the release's newest kernel. Environment: FANCTL_VM_CACHE (default:
# ~/.cache/fanctl), FANCTL_DEBIAN_MIRROR.
set -eu

here=$(dirname "$(readlink -f "$0")")
release=${1:?the name of a Debian release, such as bookworm}
architecture=${2:-$(dpkg --print-architecture)}
cache=${FANCTL_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/fanctl}
folder=$cache/kernel-$release-$architecture

recipe=$(cat "$here/kernel.sh" "$here/initramfs.sh" | md5sum)
give_if_there() {
  [ "$(cat "$folder/recipe" 2>/dev/null)" = "$recipe" ] || return 0
  echo "$folder"
  exit 0
}
give_if_there

mkdir -p "$cache"
# Several boots may want the same kernel at once: one of them fetches it.
exec 9>"$folder.lock"
flock 9
give_if_there

work=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/root"
echo "fetching the kernel of Debian $release for $architecture" >&2

mirror=$("$here/../distros/mirror.sh")
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || {
  echo "$keyring is missing; install it: apt-get install debian-archive-keyring" >&2
  exit 1
}
echo "deb [signed-by=$keyring] $mirror $release main" >"$work/apt/sources.list"
: >"$work/apt/status"

# apt with sources, lists and caches of its own. Release files of unstable are valid for a week only, and mirrors can be
# older.
own() { # PROGRAM WORD…
  program=$1
  shift
  "$program" -qq -o "Dir::Etc::sourcelist=$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o "Dir::State::lists=$work/apt/lists" \
    -o "Dir::State::status=$work/apt/status" -o "Dir::Cache=$work/apt" -o "Dir::Cache::archives=$work/apt/archives" \
    -o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture" -o APT::Sandbox::User=root \
    -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false "$@"
}
own apt-get update >&2
# The package that names the newest kernel, and what it and the next need of the kernel's own: since 2026 its image and
# its modules come in packages of their own.
kernel_packages() {
  own apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances "linux-image-$architecture" |
    grep -E '^linux-(image|binary|modules|base)-[0-9]' | sort -u
}
# shellcheck disable=SC2046 # one word a package
(cd "$work" && own apt-get download $(kernel_packages) busybox-static)

# What no machine without hardware has is two fifths of the modules.
for package in "$work"/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work/root" --exclude='*/kernel/sound' \
    --exclude='*/kernel/drivers/gpu' --exclude='*/kernel/drivers/media' --exclude='*/kernel/drivers/scsi' \
    --exclude='*/kernel/drivers/usb' --exclude='*/kernel/drivers/infiniband' --exclude='*/kernel/drivers/iio' \
    --exclude='./usr/share' --exclude='*/dtbs' --exclude='*/linux-image-*/*.dtb'
done
# Newer releases have everything below usr, and depmod of older ones looks in lib.
[ -d "$work/root/lib/modules" ] || ln -s usr/lib "$work/root/lib"
version=$(ls "$work/root/lib/modules")
PATH=$PATH:/usr/sbin:/sbin depmod -b "$work/root" "$version"

mkdir "$work/kernel"
mv "$(find "$work/root" -name "vmlinu[xz]*" -type f | head -n 1)" "$work/kernel/vmlinuz"
echo "$version" >"$work/kernel/version"
mv "$work/root" "$work/kernel/root"
"$here/initramfs.sh" "$work/kernel"
echo "$recipe" >"$work/kernel/recipe"
rm -rf "$folder"
mv "$work/kernel" "$folder"
give_if_there
