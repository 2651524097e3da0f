#!/bin/sh
# Runs a command on another kernel: a stock one of Debian, unmodified, in QEMU's emulator, which needs no privileges and
# no special CPU. The emulated machine has this machine's files as its root, so the project, Node and all packages are
# there; /run, $TMPDIR and the network are its own.
#
#     test/vm/run.sh [OPTION…] COMMAND [WORD…]
#
#     --kernel RELEASE      bullseye (5.10), bookworm (6.1), trixie (6.12) or unstable; default: bookworm
#     --architecture NAME   amd64 or arm64; default: this machine's
#     --root FOLDER         another root than this machine's files, in which the command begins in /; default: /
#     --cpus N              default: 1
#     --memory M            default: 2G
#     --seconds N           ends the machine after this time; default: 1500
#     --wire END            adds a network card, eth0, with a cable to another machine: listen=127.0.0.1:PORT on one,
#                           connect=127.0.0.1:PORT on the other
#     --kvm                 uses KVM if a trial boot shows that it works here; default: emulate the CPU
#
# The exit status is the command's, or 125 if the machine could not be started or ended without a result. The variables
# FANCTL_* and CI are passed on. Standard input is empty.
set -eu

fail() {
  echo "test/vm/run.sh: $*" >&2
  exit 125
}
here=$(dirname "$(readlink -f "$0")")

# Dies with its parent: a machine that nobody waits for would run on.
[ "${FANCTL_VM_PARENT-}" = "$PPID" ] || FANCTL_VM_PARENT=$PPID exec setpriv --pdeathsig TERM "$0" "$@"
unset FANCTL_VM_PARENT

kernel=bookworm architecture=$(dpkg --print-architecture) root=/ cpus=1 memory=2G seconds=1500 wire='' kvm=no
while [ $# -gt 0 ]; do
  case "$1" in
    --kernel | --architecture | --root | --cpus | --memory | --seconds | --wire)
      [ $# -gt 1 ] || fail "$1 needs a value"
      eval "${1#--}=\$2"
      shift 2
      ;;
    --kvm)
      kvm=asked
      shift
      ;;
    -*) fail "unknown option $1" ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || fail "a command is missing"
case "$kernel" in
  bullseye | bookworm | trixie | unstable) ;;
  *) fail "no stock kernel \"$kernel\"; there are bullseye, bookworm, trixie and unstable" ;;
esac
case "$architecture" in
  # Not -cpu max: what that has beyond Nehalem (AVX) is slow to emulate, and programs would use it.
  amd64) emulator=qemu-system-x86_64 package=qemu-system-x86 machine=pc cpu=Nehalem console=ttyS0 ;;
  arm64) emulator=qemu-system-aarch64 package=qemu-system-arm machine=virt cpu=cortex-a72 console=ttyAMA0 ;;
  *) fail "no emulated machine for the architecture \"$architecture\"; there is one for amd64 and arm64" ;;
esac
command -v "$emulator" >/dev/null || fail "the program $emulator is not installed; install it: apt-get install $package"

accelerator=tcg
if [ "${FANCTL_VM_TRIAL-}" = kvm ]; then
  accelerator=kvm cpu=host
elif [ "$kvm" = asked ]; then
  # A /dev/kvm that can be opened may still hang in the firmware.
  if FANCTL_VM_TRIAL=kvm "$0" --kernel "$kernel" --architecture "$architecture" --seconds 30 true 2>/dev/null; then
    accelerator=kvm cpu=host
  else
    echo "test/vm/run.sh: KVM does not work here; the CPU is emulated" >&2
  fi
fi

folder=$("$here/kernel.sh" "$kernel" "$architecture") || exit 125
work=$(mktemp -d)
running=''
end() {
  [ -z "$running" ] || kill "$running" 2>/dev/null || true
  # An emulator that did not open them leaves their readers waiting; this releases them.
  for place in output complaint; do : <>"$work/$place"; done
  wait
  rm -rf "$work"
}
mkfifo "$work/output" "$work/complaint"
trap end EXIT
trap 'exit 125' INT TERM HUP

# What the machine is to do goes into a second initramfs behind the kernel's: the kernel's command line is split at
# spaces, and another root does not show this machine's files.
mkdir -p "$work/tree/vm"
cp "$here/init.sh" "$work/tree/init"
cp "$here/system.sh" "$work/tree/vm/"
quote() { # WORD, with a mark at its end, since $(…) drops newlines there
  quoted=$(printf %s. "$1" | sed "s/'/'\\\\''/g")
  printf " '%s'" "${quoted%.}"
}
{
  [ "$root" != / ] || { printf cd && quote "$PWD" && printf ' &&'; }
  for word; do quote "$word"; done
} >"$work/tree/vm/command"
env | grep -E '^(FANCTL_|CI=)' >"$work/tree/vm/environment" || true
(cd "$work/tree" && find init vm | busybox cpio -o -H newc 2>/dev/null) | cat "$folder/initramfs" - >"$work/initramfs"

share() { # TAG FOLDER [OPTION]
  echo "-fsdev local,id=$1,path=$2,security_model=none,multidevs=remap${3-} -device virtio-9p-pci,fsdev=$1,mount_tag=$1"
}
port() { # NAME: what the machine writes there comes out in that file
  echo "-chardev file,id=$1,path=$work/$1 -device virtserialport,chardev=$1,name=$1"
}
card() { # END
  echo "-netdev socket,id=wire,$1 -device virtio-net-pci,netdev=wire,mac=52:54:00:00:00:0$(case "$1" in listen*) echo 1 ;; *) echo 2 ;; esac)"
}
cat <"$work/output" &
cat <"$work/complaint" >&2 &
# shellcheck disable=SC2046 # several words each
setpriv --pdeathsig TERM timeout --kill-after=5 "$seconds" "$emulator" -machine "$machine" -accel "$accelerator" \
  -cpu "$cpu" -smp "$cpus" -m "$memory" -display none -nodefaults -no-user-config -no-reboot \
  -kernel "$folder/vmlinuz" -initrd "$work/initramfs" \
  -append "console=$console quiet panic=-1 mitigations=off net.ifnames=0" \
  $(share root "$(readlink -f "$root")") $(share modules "$folder/root/lib/modules" ,readonly=on) \
  -chardev "file,id=console,path=$work/console" -serial chardev:console -device virtio-serial-pci \
  $(port output) $(port complaint) $(port status) $([ -z "$wire" ] || card "$wire") \
  </dev/null >"$work/emulator" 2>&1 &
running=$!
ended=0
wait "$running" || ended=$?
running=''

if [ ! -s "$work/status" ]; then
  reason="ended without a result"
  [ "$ended" != 124 ] || reason="was ended after $seconds seconds"
  echo "test/vm/run.sh: the machine $reason; its last words:" >&2
  cat "$work/emulator" "$work/console" 2>/dev/null | tr -cd '[:print:]\n\t' | tail -n 25 >&2
  exit 125
fi
exit "$(cat "$work/status")"
