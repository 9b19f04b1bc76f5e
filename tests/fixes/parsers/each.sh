#!/usr/bin/env bash
# Says which files a program objects to that looks at one file at a time: each.sh PROGRAM ARGUMENT... -- FILE...
command=()
while [ "$1" != -- ]; do
  command+=("$1")
  shift
done
shift
for file; do
  message=$("${command[@]}" "$file" 2>&1 >/dev/null) || printf '%s: %s\n' "$file" "${message:-refused}"
done
