#!/bin/sh
# Prints the address of a Debian mirror: that in FANCTL_DEBIAN_MIRROR, or the one that this machine's apt uses.
mirror=${FANCTL_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' | head -n 1)}
[ -n "$mirror" ] || {
  echo "apt uses no Debian mirror on this machine; name one in FANCTL_DEBIAN_MIRROR" >&2
  exit 1
}
echo "$mirror"
