#!/bin/sh
# Builds the initramfs of an unpacked kernel: a static busybox and the modules that are needed to mount the machine's
# files by 9p, to speak over virtio and to have a network card. What those need is asked of modprobe, since it differs
# from kernel to kernel. run.sh adds the rest.
#
#     test/vm/initramfs.sh FOLDER     with `version` and `root` in it; makes `initramfs`
set -eu

kernel=$(readlink -f "$1")
version=$(cat "$kernel/version")
tree=$kernel/tree
mkdir -p "$tree/bin" "$tree/modules" "$tree/proc" "$tree/dev" "$tree/mnt"
cp "$(find "$kernel/root" -name busybox -type f | head -n 1)" "$tree/bin/busybox"

for module in virtio_pci 9pnet_virtio 9p virtio_console virtio_net; do
  PATH=$PATH:/usr/sbin:/sbin modprobe -d "$kernel/root" -S "$version" --show-depends "$module"
done | while read -r kind path _; do
  # `builtin NAME` where the kernel itself has it.
  [ "$kind" = insmod ] || continue
  plain=$(basename "$path" .xz)
  [ ! -e "$tree/modules/$plain" ] || continue
  case "$path" in
    *.xz) xz -dc "$path" >"$tree/modules/$plain" ;;
    *) cp "$path" "$tree/modules/" ;;
  esac
  echo "$plain" >>"$tree/modules/order"
done
(cd "$tree" && find . | busybox cpio -o -H newc 2>/dev/null | gzip) >"$kernel/initramfs.new"
# Another archive follows, whose start has to be aligned.
truncate --size=%4 "$kernel/initramfs.new"
rm -rf "$tree"
mv "$kernel/initramfs.new" "$kernel/initramfs"
