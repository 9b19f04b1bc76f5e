#!/bin/sh
# Installs port-manager for one user, and removes it again. Nothing runs as root, and no file of a shell is changed.
# The copy of this script that belongs to a release knows where the archives are and what their checksums must be; the
# one in the repository installs from a directory or an address that --from names.
set -eu
# zsh differs from sh where it is not asked to be one: in traps and in patterns without a match.
if [ -n "${ZSH_VERSION:-}" ]; then emulate sh; fi

usage() {
  cat <<'END'
usage: install.sh [--from DIRECTORY|ADDRESS] [--to PREFIX]
       install.sh --remove [--to PREFIX]

Installs PREFIX/bin/port-manager, its manual pages and completions (PREFIX is ~/.local unless --to says otherwise).
A second run replaces the first one's files. --remove removes exactly what was installed.
END
}

version='@VERSION@'
downloads='@DOWNLOADS@'

# The checksum of an archive, where this copy of the script knows it.
checksum_of() {
  case $1 in
    x86_64-unknown-linux-gnu.tar.xz) echo '@SHA256:x86_64-unknown-linux-gnu.tar.xz@' ;;
    x86_64-unknown-linux-gnu.tar.gz) echo '@SHA256:x86_64-unknown-linux-gnu.tar.gz@' ;;
    aarch64-unknown-linux-gnu.tar.xz) echo '@SHA256:aarch64-unknown-linux-gnu.tar.xz@' ;;
    aarch64-unknown-linux-gnu.tar.gz) echo '@SHA256:aarch64-unknown-linux-gnu.tar.gz@' ;;
    x86_64-apple-darwin.tar.xz) echo '@SHA256:x86_64-apple-darwin.tar.xz@' ;;
    x86_64-apple-darwin.tar.gz) echo '@SHA256:x86_64-apple-darwin.tar.gz@' ;;
    aarch64-apple-darwin.tar.xz) echo '@SHA256:aarch64-apple-darwin.tar.xz@' ;;
    aarch64-apple-darwin.tar.gz) echo '@SHA256:aarch64-apple-darwin.tar.gz@' ;;
  esac
}

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

# A word that a shell reads as it is.
quoted() {
  printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"
}

removal() {
  echo "sh install.sh --remove --to $(quoted "$prefix")"
}

is_filled() {
  case $1 in
    @*) return 1 ;;
  esac
}

# This machine, as Rust names it.
target() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no binary for $machine; build port-manager from its source" ;;
  esac
  case $system in
    Linux)
      if ldd --version 2>&1 | grep -qi musl; then
        fail "there is no binary for Linux with musl; build port-manager from its source"
      fi
      echo "$machine-unknown-linux-gnu"
      ;;
    Darwin)
      # A shell under Rosetta says x86_64 on a machine with an Apple processor.
      if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then machine=aarch64; fi
      echo "$machine-apple-darwin"
      ;;
    *) fail "there is no binary for $system here; packaging/README.md lists the other ways" ;;
  esac
}

# How the archive is compressed: by xz, the smaller one, where this machine can unpack that. GNU tar needs the program for it, which
# images for containers often lack; macOS's tar does not.
compression() {
  if command -v xz >/dev/null || tar --version 2>/dev/null | grep -q bsdtar; then echo xz; else echo gz; fi
}

# curl refuses a redirect to http. wget follows it, and busybox's often checks no certificate. So with wget the checksum alone, which
# is part of the script of a release, decides whether an archive is the released one. Nothing here protects the script itself.
fetch() {
  case $from in
    https://*)
      if command -v curl >/dev/null; then
        curl --proto '=https' --tlsv1.2 -fsSL "$from/$1" -o "$2"
      elif command -v wget >/dev/null; then
        # GNU wget tries 20 times, and waits for 15 minutes each time. The one of busybox has neither option.
        patience=
        if wget --help 2>&1 | grep -q -e --tries; then patience='--tries=3 --timeout=30'; fi
        # shellcheck disable=SC2086 # Two options.
        wget -q $patience "$from/$1" -O "$2"
      else
        fail "neither curl nor wget is there to download with"
      fi
      ;;
    *) cp "$from/$1" "$2" ;;
  esac || fail "$from/$1 cannot be read"
}

sha256() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    fail "neither sha256sum nor shasum is there to check the archive with"
  fi
}

# Removes the files that an earlier run has listed, and the directories that it made, as far as they are empty.
remove_listed() {
  while IFS= read -r file; do
    case $file in
      /* | *..*) fail "$list names $file, which this script has not installed; nothing more was removed" ;;
      */) ;;
      *) rm -f "$prefix/$file" ;;
    esac
  done <"$list"
  made=$(grep '/$' "$list" || true)
  rm -f "$list"
  # Inner directories first: a longer path sorts behind the one that it begins with.
  printf '%s\n' "$made" | LC_ALL=C sort -r | while IFS= read -r file; do
    [ -z "$file" ] || rmdir "$prefix/$file" 2>/dev/null || true
  done
  rmdir "$prefix" 2>/dev/null || true
}

# Makes a directory below the prefix, and lists each level that was not there.
make_directory() {
  [ -d "$prefix/$1" ] && return
  case $1 in
    */*) make_directory "${1%/*}" ;;
  esac
  mkdir "$prefix/$1"
  echo "$1/" >>"$work/list"
}

put() {
  make_directory "${2%/*}"
  cp "$1" "$prefix/$2.new.$$"
  chmod "$3" "$prefix/$2.new.$$"
  # In one step, so that a port-manager that runs goes on, and one that starts finds a whole file.
  mv -f "$prefix/$2.new.$$" "$prefix/$2"
  echo "$2" >>"$work/list"
}

main() {
  from=$downloads
  prefix=${HOME:+$HOME/.local}
  is_removal=
  while [ $# -gt 0 ]; do
    case $1 in
      --from | --to)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        if [ "$1" = --from ]; then from=$2; else prefix=$2; fi
        shift
        ;;
      --remove) is_removal=yes ;;
      -h | --help) usage; exit ;;
      *) usage >&2; exit 2 ;;
    esac
    shift
  done
  [ -n "$prefix" ] || fail "HOME is not set; --to names the directory to install into"
  case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
  esac
  list=$prefix/share/port-manager/installed-files

  if [ -n "$is_removal" ]; then
    [ -f "$list" ] || fail "nothing is installed in $prefix by this script ($list is missing)"
    remove_listed
    echo "Removed port-manager from $prefix. The registry of ports stays: port-manager's directory among your settings."
    exit
  fi

  case $from in
    https://*) ;;
    *://*) fail "$from: only https is used to download" ;;
  esac
  is_filled "$from" || fail "this copy belongs to no release, so it knows no address; --from names a directory with the archive"
  target=$(target)
  ending=$target.tar.$(compression)
  if is_filled "$version"; then
    archive=port-manager-$version-$ending
  else
    case $from in
      https://*) fail "this copy belongs to no release; --from has to be a directory" ;;
    esac
    # Of several versions in a directory, which one is meant cannot be known.
    set -- "$from"/port-manager-*-"$ending"
    if [ $# -ne 1 ] || [ ! -f "$1" ]; then
      fail "$from should have one archive for this machine, port-manager-VERSION-$ending"
    fi
    archive=${1##*/}
  fi

  # With the template, as macOS's mktemp looks at TMPDIR only then.
  work=$(mktemp -d "${TMPDIR:-/tmp}/port-manager.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  fetch "$archive" "$work/$archive"
  expected=$(checksum_of "$ending")
  if ! is_filled "$expected"; then
    fetch "$archive.sha256" "$work/sha256"
    expected=$(cut -d ' ' -f 1 "$work/sha256")
  fi
  found=$(sha256 "$work/$archive")
  [ "$found" = "$expected" ] || fail "$archive is not what was released: its sha256 is $found, and should be $expected. Nothing was installed."

  tar -xf "$work/$archive" -C "$work" || fail "$archive cannot be unpacked. Nothing was installed."
  tree=$work/${archive%.tar.*}
  if ! "$tree/port-manager" --version >/dev/null; then
    printf '#!/bin/sh\n' >"$work/program"
    chmod 755 "$work/program"
    "$work/program" 2>/dev/null ||
      fail "no program can run in $work, perhaps as it is mounted with noexec. Set TMPDIR to a directory where programs run, and run this script again. Nothing was installed."
    fail "the binary for $target does not run here. Nothing was installed."
  fi

  mkdir -p "$prefix"
  : >"$work/list"
  if [ -f "$list" ]; then
    # Another version may have other pages. The directories stay listed as this script's.
    grep '/$' "$list" >"$work/list" || true
    while IFS= read -r file; do
      case $file in
        */ | /* | *..*) ;;
        bin/port-manager) ;;
        *) rm -f "$prefix/$file" ;;
      esac
    done <"$list"
  fi
  put "$tree/port-manager" bin/port-manager 755
  for page in "$tree"/man/man1/*.1; do
    put "$page" "share/man/man1/${page##*/}" 644
  done
  put "$tree/completions/bash/port-manager" share/bash-completion/completions/port-manager 644
  put "$tree/completions/zsh/_port-manager" share/zsh/site-functions/_port-manager 644
  put "$tree/completions/fish/port-manager.fish" share/fish/vendor_completions.d/port-manager.fish 644
  put "$tree/LICENSE" share/port-manager/LICENSE 644
  put "$tree/THIRD-PARTY-LICENSES.txt" share/port-manager/THIRD-PARTY-LICENSES.txt 644
  LC_ALL=C sort -u "$work/list" >"$list.new.$$"
  mv -f "$list.new.$$" "$list"

  echo "Installed $("$prefix/bin/port-manager" --version) as $prefix/bin/port-manager."
  case :$PATH: in
    *:"$prefix/bin":*) ;;
    *) echo "$prefix/bin is not on your PATH: add it there, or call the program by that path." ;;
  esac
  # Which directories zsh looks in can only be known from within it.
  case ${SHELL:-}:$prefix in
    */zsh:/usr | */zsh:/usr/local) ;;
    */zsh:*) echo "For completions in zsh, add this line to ~/.zshrc before compinit: fpath=($(quoted "$prefix/share/zsh/site-functions") \$fpath)" ;;
  esac
  echo "To remove it: $(removal)"
}

# A download that was cut off has no end of this line: the shell then finds a syntax error, and runs nothing.
{ main "$@"; }
