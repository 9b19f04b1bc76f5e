#!/usr/bin/env bash
# How long `check` takes on a generated tree, as a ratio to a plain search for numbers over the same
# files (the budget is 3x of ripgrep). Best of several warm runs each; a ratio travels between
# machines, seconds do not.
#
#   benches/check.sh [DIRECTORIES] [RUNS]     defaults: 800 and 5
#
# Each directory has six files of code with numbers and without ports; in every 32nd lies a copy of
# examples/shop, so that about one file in twenty has something to be found.
set -euo pipefail
cd "$(dirname "$0")/.."

directories=${1:-800}
runs=${2:-5}
binary=$PWD/target/release/port-manager
[ -x "$binary" ] || { echo "$0: build first: cargo build --release" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PORT_MANAGER_CONFIG_DIR=$work/config
tree=$work/tree
mkdir -p "$tree"

# Filler: code without ports, but with numbers, as most code is. Same bytes on every run.
awk -v dir="$work" 'BEGIN {
  srand(7)
  for (i = 0; i < 400; i++) {
    number = int(rand() * 20000); year = 1990 + i % 40
    printf "export function step%d(items) {\n  const limit = %d; // since %d\n  return items.filter((item) => item.size > limit).map((item) => item.name);\n}\n\n", i, number, year > (dir "/filler.js")
    printf "def step_%d(items):\n    limit = %d  # since %d\n    return [item.name for item in items if item.size > limit]\n\n\n", i, number, year > (dir "/filler.py")
    printf "func step%d(items []Item) int {\n\tlimit := %d // since %d\n\treturn count(items, limit)\n}\n\n", i, number, year > (dir "/filler.go")
  }
}'
sources=$(git ls-files examples/shop)
for i in $(seq "$directories"); do
  to=$tree/p$i
  mkdir -p "$to"
  # shellcheck disable=SC2086  # one word per file, none with a space
  [ $((i % 32)) -ne 0 ] || cp --parents $sources "$to"
  for extension in js py go; do
    cp "$work/filler.$extension" "$to/one.$extension"
    cp "$work/filler.$extension" "$to/two.$extension"
  done
done

# Microseconds of one run. The commands exit with 1 where they find something, or nothing: 2 is a failure.
once() {
  local begin=${EPOCHREALTIME/./} status=0
  "$@" >/dev/null 2>"$work/stderr" || status=$?
  [ "$status" -le 1 ] || { echo "$0: '$1' failed ($status):" >&2; cat "$work/stderr" >&2; exit 2; }
  echo $((${EPOCHREALTIME/./} - begin))
}

least() {
  printf '%s\n' "$@" | sort -n | head -n 1
}

if command -v rg >/dev/null; then
  baseline=(rg --hidden -n '\b[0-9]{4,5}\b' "$tree")
  name="rg -n '\\b[0-9]{4,5}\\b'"
else
  baseline=(grep -rnE '\b[0-9]{4,5}\b' "$tree")
  name="grep -rnE (one thread; install ripgrep for the budget's baseline)"
fi

files=$(find "$tree" -type f | wc -l)
size=$(du -sm --apparent-size "$tree" | cut -f1)
# Turn and turn about, so that both meet the machine in the same moods; the first round warms the cache.
once "${baseline[@]}" >/dev/null
searches=() checks=()
for _ in $(seq "$runs"); do
  searches+=("$(once "${baseline[@]}")")
  checks+=("$(once "$binary" check "$tree")")
done
searching=$(($(least "${searches[@]}") / 1000))
checking=$(($(least "${checks[@]}") / 1000))

printf '%s files, %s MB, best of %s warm runs on %s cores\n' "$files" "$size" "$runs" "$(nproc)"
printf '%6d ms  %s\n' "$searching" "$name"
printf '%6d ms  port-manager check\n' "$checking"
awk -v a="$checking" -v b="$searching" 'BEGIN { printf "%6.2f     ratio\n", a / (b ? b : 1) }'
if [ -x /usr/bin/time ]; then
  /usr/bin/time -f '%M' -o "$work/memory" "$binary" check "$tree" >/dev/null 2>&1 || true
  printf '%6d MB  peak memory of check\n' "$(($(tail -n 1 "$work/memory") / 1024))"
fi
