# >>> port-manager: ports for new worktrees >>>
# The first argument is all zeros in a new worktree or clone.
case "$1" in
*[!0]*) ;;
*)
  if [ -e .ports.env.example ] && command -v port-manager >/dev/null 2>&1; then
    port-manager --quiet init . </dev/null >&2 || true
  fi
  ;;
esac
# <<< port-manager: ports for new worktrees <<<
