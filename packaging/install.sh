#!/bin/sh
# Installs port-manager for one user, and removes it again. Nothing runs as root, and no file of a shell is changed.
# The copy of this script that belongs to a release knows where the archives are and what their checksums must be; the
# one in the repository installs from a directory or an address that --from names.
set -eu
# zsh differs from sh where it is not asked to be one: in traps and in patterns without a match.
if [ -n "${ZSH_VERSION:-}" ]; then emulate sh; fi

usage() {
  cat <<'END'
usage: install.sh [--from DIRECTORY|ADDRESS] [--to PREFIX] [--force]
       install.sh --remove [--to PREFIX]

Installs PREFIX/bin/port-manager, its manual pages and completions (PREFIX is ~/.local unless --to says otherwise).
A second run replaces the first one's files; files of others it replaces only with --force. --remove removes exactly what was
installed.
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

is_there() {
  [ -e "$1" ] || [ -L "$1" ]
}

# Whether the program is still the one that this script put there: another installer may have put its own, or a link to it.
is_own_program() {
  [ -f "$list" ] && [ -f "$prefix/$program" ] && [ ! -L "$prefix/$program" ] && grep -qxF "$(sha256 "$prefix/$program")  $program" "$list"
}

is_own() {
  if [ "$1" = "$program" ]; then is_own_program; else [ -f "$list" ] && grep -qxF "$1" "$list"; fi
}

# Two runs at once would each list only the directories that it made itself. A link holds the number of the process from the first
# moment on, so that one which was killed is known.
lock() {
  seconds=0
  until ln -s "process-$$" "$lock" 2>/dev/null; do
    holder=$(readlink "$lock") || holder=
    if [ -n "$holder" ] && ! kill -0 "${holder#process-}" 2>/dev/null; then
      rm -f "$lock"
    elif [ "$seconds" -eq 60 ] || { [ -z "$holder" ] && [ ! -w "$prefix" ]; }; then
      [ -n "$holder" ] || fail "$prefix cannot be written to; --to names another directory"
      fail "process ${holder#process-} installs or removes port-manager in $prefix; wait until it has ended. If it is another program, remove $lock"
    else
      sleep 1
      seconds=$((seconds + 1))
    fi
  done
  is_locked=yes
}

unlock() {
  [ -z "$is_locked" ] || rm -f "$lock"
  is_locked=
}

# Removes those directories of a list that are empty, inner ones first: a longer path sorts behind the one that it begins with.
# The prefix itself is listed as "./".
remove_directories() {
  LC_ALL=C sort -r | while IFS= read -r directory; do
    case $directory in
      ./) rmdir "$prefix" 2>/dev/null || true ;;
      */) rmdir "$prefix/$directory" 2>/dev/null || true ;;
    esac
  done
}

clean_up() {
  [ -z "$new" ] || rm -f "$new"
  unlock
  # Before anything is listed, no --remove would find the directories.
  if [ -z "$is_listed" ] && [ -f "$work/directories" ]; then remove_directories <"$work/directories"; fi
  [ -z "$work" ] || rm -rf "$work"
}

# Removes the files that an earlier run has listed, and the directories that it made, as far as they are empty.
remove_listed() {
  while IFS= read -r file; do
    case $file in
      /* | *..*) fail "$list names $file, which this script has not installed; nothing more was removed" ;;
      */ | *' '*) ;;
      *) rm -f "$prefix/$file" ;;
    esac
  done <"$list"
  if is_own_program; then
    rm -f "$prefix/$program"
  elif is_there "$prefix/$program"; then
    echo "$prefix/$program stays: it is not the file that this script installed. What installed it, such as uv, pipx or pip, can remove it."
  fi
  made=$(grep '/$' "$list" || true)
  rm -f "$list"
  unlock
  printf '%s\n' "$made" | remove_directories
}

# Each file: its mode, where it is in the archive, and where it goes below the prefix.
files() {
  echo "755 port-manager $program"
  for page in "$tree"/man/man1/*.1; do
    echo "644 man/man1/${page##*/} share/man/man1/${page##*/}"
  done
  echo "644 completions/bash/port-manager share/bash-completion/completions/port-manager"
  echo "644 completions/zsh/_port-manager share/zsh/site-functions/_port-manager"
  echo "644 completions/fish/port-manager.fish share/fish/vendor_completions.d/port-manager.fish"
  echo "644 LICENSE share/port-manager/LICENSE"
  echo "644 THIRD-PARTY-LICENSES.txt share/port-manager/THIRD-PARTY-LICENSES.txt"
}

# Those of the files that may be written, as none of them is another's.
permitted() {
  while read -r mode source file; do
    # mv would move the file into it.
    [ ! -d "$prefix/$file" ] || fail "$prefix/$file is a directory; move it away, as port-manager has a file there. Nothing was installed."
    if is_there "$prefix/$file" && [ -z "$is_forced" ] && ! is_own "$file"; then
      [ "$file" != "$program" ] ||
        fail "$prefix/$file is there, and this script did not install it: it may be from uv, pipx or pip. Remove it with that, or run this script again with --force to replace it. Nothing was installed."
      echo "$prefix/$file stays: this script did not install it. --force replaces it." >&2
    else
      echo "$mode $source $file"
    fi
  done
}

# The directories below the prefix that the files need and that are missing.
missing_directories() {
  while read -r _ _ file; do
    while [ "$file" != "${file%/*}" ]; do
      file=${file%/*}
      [ -d "$prefix/$file" ] || echo "$file/"
    done
  done
}

# A list of what the prefix has from this script: what it had before, and the lines that are given to this.
write_list() {
  new=$list.new.$$
  if ! { { cat "$work/before" - | LC_ALL=C sort -u >"$new"; } && mv -f "$new" "$list"; }; then
    fail "$list cannot be written. Run this script again when it can."
  fi
  is_listed=yes
}

put() {
  new=$prefix/$3.new.$$
  # In one step, so that a port-manager that runs goes on, and one that starts finds a whole file.
  if ! { mkdir -p "${new%/*}" && cp "$tree/$2" "$new" && chmod "$1" "$new" && mv -f "$new" "$prefix/$3"; }; then
    fail "$prefix/$3 cannot be written, so port-manager is installed in part. Run this script again, or remove that part: $(removal)"
  fi
}

main() {
  from=$downloads
  prefix=${HOME:+$HOME/.local}
  is_removal='' is_forced='' is_locked='' is_listed='' work='' new=''
  while [ $# -gt 0 ]; do
    case $1 in
      --from | --to)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        if [ "$1" = --from ]; then from=$2; else prefix=$2; fi
        shift
        ;;
      --remove) is_removal=yes ;;
      --force) is_forced=yes ;;
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
  program=bin/port-manager
  list=$prefix/share/port-manager/installed-files
  lock=$prefix/.port-manager-installs
  trap clean_up EXIT
  trap 'exit 1' HUP INT TERM

  if [ -n "$is_removal" ]; then
    [ -f "$list" ] || fail "nothing is installed in $prefix by this script ($list is missing)"
    lock
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

  if [ ! -d "$prefix" ]; then
    echo ./ >"$work/directories"
    mkdir -p "$prefix" || fail "$prefix cannot be made; --to names another directory. Nothing was installed."
  fi
  lock
  files >"$work/files"
  permitted <"$work/files" >"$work/permitted"
  if [ -f "$list" ]; then cp "$list" "$work/before"; else : >"$work/before"; fi
  missing_directories <"$work/permitted" >>"$work/directories"
  mkdir -p "${list%/*}"
  while read -r _ _ file; do
    if [ "$file" = "$program" ]; then echo "$(sha256 "$tree/port-manager")  $program"; else echo "$file"; fi
  done <"$work/permitted" >"$work/after"
  # Before the first file, so that --remove finds all of them, however this run ends. Where it is killed, a half file stays too.
  {
    sed "s/.*  //; s/\$/.new.$$/" "$work/after"
    echo "${list#"$prefix/"}.new.$$"
    cat "$work/after" "$work/directories"
  } >"$work/lines"
  write_list <"$work/lines"
  while read -r mode source file; do
    put "$mode" "$source" "$file"
  done <"$work/permitted"
  # The pages that this version has no more. Last, so that a run that fails has taken nothing away.
  while IFS= read -r file; do
    case $file in
      */ | /* | *..* | *' '* | "$program") ;;
      *) grep -qxF "$file" "$work/after" || rm -f "$prefix/$file" ;;
    esac
  done <"$work/before"
  grep '/$' "$work/before" >"$work/made" || true
  mv "$work/made" "$work/before"
  cat "$work/after" "$work/directories" >"$work/lines"
  write_list <"$work/lines"
  unlock

  # Not in the arguments of echo, where its exit status would be lost.
  installed=$("$prefix/$program" --version) ||
    fail "$prefix/$program is installed, but does not run there, perhaps as the directory is mounted with noexec. To remove it: $(removal)"
  echo "Installed $installed as $prefix/$program."
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
