#!/usr/bin/env bash
# cgroup2-vm.sh COMMAND [ARG...]: runs COMMAND as root under a kernel with unified cgroup v2, on a machine whose own kernel
# has cgroup v1 or hybrid. qemu without KVM and without a disk image: the guest's root is an overlay, this machine's / read-only
# below and a tmpfs above, so node, containerd and runc are the machine's own at their own paths. Only the current directory
# is shared for writing. stdout, stderr and the exit status are COMMAND's; stdin is empty; the environment is the caller's.
# Status 124: timeout; 125: the guest ended without having run COMMAND.
#   CG2_CPUS=2        CPUs of the guest
#   CG2_MEM=4096      MiB of its memory, which also holds all that is written outside the current directory
#   CG2_TIMEOUT=3600  seconds
#   CG2_CACHE=        where kernel and initramfs are kept [~/.cache/containerd-driver/cgroup2-vm]; no blanks in its path
#   CG2_DEBUG=        when set, the console of the guest's kernel is copied to stderr at the end
# It installs what it needs (Debian, as root): qemu-system-x86 and busybox-static; the kernel is only unpacked into the cache.
set -euo pipefail
: "${CG2_CPUS:=2}" "${CG2_MEM:=4096}" "${CG2_TIMEOUT:=3600}" "${CG2_DEBUG:=}"
: "${CG2_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/containerd-driver/cgroup2-vm}"

say() { echo "cgroup2-vm: $*" >&2; }

if [ $# -eq 0 ]; then sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; fi
if [ "$(id -u)" != 0 ]; then say "must run as root"; exit 2; fi
if [ "$(uname -m)" != x86_64 ]; then say "works on x86-64 only: the guest runs this machine's own programs"; exit 2; fi

# ---- kernel and initramfs, once per cache ----

# need FILE PACKAGE: installs PACKAGE unless FILE is there.
need() {
  [ -e "$1" ] && return
  command -v apt-get >/dev/null || { say "this is not Debian: install $2 by hand ($1 is missing)"; exit 1; }
  say "installing with apt-get: $2"
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 "$2" >&2
}

# unpack_kernel DIRECTORY: Debian's kernel package, unpacked there; this machine's own boot files are left alone.
unpack_kernel() {
  local version
  [ ! -e "$1/linux" ] || return 0
  say "unpacking Debian's kernel into $1 (70 MB)"
  apt-get update -qq >&2
  version=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
  (cd "$1" && apt-get download -qq "$version" && dpkg -x linux-image-*.deb . && rm linux-image-*.deb) >&2
  version=$(ls "$1/lib/modules")
  busybox depmod -b "$1" "$version"
  ln -sfn "lib/modules/$version" "$1/modules"
  ln -s "boot/vmlinuz-$version" "$1/linux"
}

# build DIRECTORY: fills it with linux (the kernel), modules (a link) and initramfs.
build() {
  local tree=$1/tree version module file
  need /bin/busybox busybox-static
  need /usr/bin/qemu-system-x86_64 qemu-system-x86
  [ "$1/initramfs" -nt "$script" ] && return
  rm -rf "$tree"
  mkdir -p "$tree"/{bin,dev,proc,sys,lower,rw,new}
  cp /bin/busybox "$tree/bin/"
  unpack_kernel "$1"
  version=$(basename "$(readlink "$1/modules")")
  # Only what mounting the root takes; later modules come from the mounted root.
  for module in overlay 9p 9pnet_virtio virtio_pci virtio_console; do
    for file in $(sed -n "s|^\(.*/$module\.ko\): *\(.*\)|\1 \2|p" "$1/modules/modules.dep"); do
      mkdir -p "$tree/lib/modules/$version/${file%/*}"
      cp "$1/modules/$file" "$tree/lib/modules/$version/$file"
    done
  done
  busybox depmod -b "$tree" "$version"
  guest_init >"$tree/init"
  chmod 755 "$tree/init"
  (cd "$tree" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$1/initramfs.new"
  rm -rf "$tree"
  mv "$1/initramfs.new" "$1/initramfs"
}

# ---- the guest ----

guest_init() {
  cat <<'GUEST'
#!/bin/busybox sh
# PID 1 of the guest. First as initramfs: builds the root. Then, with the argument "two", inside it: runs the command.
b=/bin/busybox
[ "$1" != two ] || b=/run/busybox
param() { for w in $($b cat /proc/cmdline); do case $w in $1=*) echo ${w#*=} ;; esac; done; }

if [ "$1" != two ]; then
  $b --install -s /bin
  export PATH=/bin
  mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
  for m in overlay virtio_pci virtio_console 9pnet_virtio 9p; do modprobe $m; done
  mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose root /lower
  mount -t tmpfs -o size=90%,mode=755 tmpfs /rw; mkdir /rw/up /rw/wk
  mount -t overlay -o lowerdir=/lower,upperdir=/rw/up,workdir=/rw/wk root /new
  k=usr/lib/modules/$(uname -r)
  cd /new; mkdir -p proc sys dev run tmp var/lib/containerd $k
  mount -t proc proc proc; mount -t sysfs sys sys; mount -t devtmpfs dev dev; mount -t cgroup2 cgroup2 sys/fs/cgroup
  mkdir -p dev/pts dev/shm dev/mqueue; mount -t devpts -o ptmxmode=666,gid=5 devpts dev/pts
  mount -t tmpfs tmpfs dev/shm; mount -t mqueue mqueue dev/mqueue; mount -t bpf bpf sys/fs/bpf
  ln -sf /proc/self/fd dev/fd; ln -sf fd/0 dev/stdin; ln -sf fd/1 dev/stdout; ln -sf fd/2 dev/stderr
  mount -t tmpfs -o mode=755 tmpfs run; mount -t tmpfs -o mode=1777 tmpfs tmp
  mount -t tmpfs -o mode=711,size=90% tmpfs var/lib/containerd # overlayfs takes no overlayfs as upper layer
  mount --bind /lower$(param mods) $k; cp $b usr/sbin/modprobe; cp $b /init run/
  mkdir run/ctl; mount --bind /lower$(param ctl) run/ctl
  s=$(cat run/ctl/share); mkdir -p "/new$s"; mount --bind "/lower$s" "/new$s"
  exec switch_root /new /run/busybox sh /run/init two
fi

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
$b hostname cg2; $b ip link set lo up; ulimit -Hn 1048576
cd /sys/fs/cgroup; $b mkdir init; echo 1 >init/cgroup.procs # all controllers on, and processes only in leaves
for c in $($b cat cgroup.controllers); do echo +$c >cgroup.subtree_control; done
$b mkfifo /run/o /run/e # pipes, so that the command sees no terminal; the terminals behind them pass bytes unchanged
(t=/dev/hvc0; exec >$t; $b stty raw -echo <$t; exec $b cat /run/o) & o=$!
(t=/dev/hvc1; exec >$t; $b stty raw -echo <$t; exec $b cat /run/e) & e=$!
(exec bash /run/ctl/cmd </dev/null >/run/o 2>/run/e); echo $? >/run/ctl/rc
for p in /proc/[0-9]*; do case ${p#/proc/} in 1 | $o | $e) ;; *) kill -9 ${p#/proc/} 2>/dev/null ;; esac; done
wait $o $e; $b sync; exec $b poweroff -f
GUEST
}

script=$(readlink -f "$0")
mkdir -p "$CG2_CACHE"
cache=$(cd "$CG2_CACHE" && pwd -P)
(flock 9; build "$cache") 9>"$cache/lock"

# ---- one run ----

ctl=$(mktemp -d "${TMPDIR:-/tmp}/cgroup2-vm.XXXXXX") # readable by root only: it holds the environment
vm=''
trap '[ -z "$vm" ] || kill "$vm" 2>/dev/null || :; [ -z "$CG2_DEBUG" ] || cat "$ctl/console" >&2; rm -rf "$ctl"' EXIT
trap 'exit 130' INT TERM HUP
pwd -P >"$ctl/share"
{ export -p; printf 'cd %q || exit 125\nexec' "$(pwd -P)"; printf ' %q' "$@"; echo; } >"$ctl/cmd"
mkfifo "$ctl/o" "$ctl/e"
cat "$ctl/o" & out=$!
cat "$ctl/e" >&2 & err=$!
timeout -k 5 "$CG2_TIMEOUT" qemu-system-x86_64 -accel tcg -cpu max,la57=off -smp "$CG2_CPUS" -m "$CG2_MEM" \
  -nodefaults -display none -no-reboot -serial "file:$ctl/console" -kernel "$cache/linux" -initrd "$cache/initramfs" \
  -append "ctl=$ctl mods=$(readlink -f "$cache/modules") quiet panic=-1 console=ttyS0 mitigations=off tsc=reliable no_timer_check" \
  -fsdev local,id=root,path=/,security_model=passthrough,multidevs=remap -device virtio-9p-pci,fsdev=root,mount_tag=root \
  -device virtio-serial-pci -chardev "file,id=o,path=$ctl/o" -device virtconsole,chardev=o \
  -chardev "file,id=e,path=$ctl/e" -device virtconsole,chardev=e </dev/null >&2 &
vm=$!
status=0
wait "$vm" || status=$?
vm=''
wait "$out" "$err" || :
[ ! -s "$ctl/rc" ] || exit "$(cat "$ctl/rc")"
case $status in 124 | 137) say "timeout after $CG2_TIMEOUT s"; exit 124 ;; esac
say "the guest ended without a result; see its console with CG2_DEBUG=1"
exit 125
