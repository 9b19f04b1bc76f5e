#compdef port-manager
_port_manager() {
  local offered line word code
  local -a closed open
  offered=$(PORT_MANAGER_COMPLETE=zsh command port-manager -- "${(@Q)words[1,CURRENT-1]}" "$PREFIX" 2>/dev/null)
  code=$?
  if (( code == 3 )); then
    # What follows `run` is a command line of its own.
    shift $offered words
    (( CURRENT -= offered ))
    _normal
    return
  fi
  for line in "${(@f)offered}"; do
    [[ -n $line ]] || continue
    word=${line%%$'\t'*}
    line="${${word//\\/\\\\}//:/\\:}${line[$#word+1,-1]/$'\t'/:}"
    # Nothing is added behind these, because more is to come.
    if [[ $word == *[/=] ]]; then open+=("$line"); else closed+=("$line"); fi
  done
  (( $#closed )) && _describe -V 'port-manager' closed
  (( $#open )) && _describe -V 'port-manager' open -S ''
}
if [[ "${funcstack[*]}" == _port-manager* ]]; then
  _port_manager "$@"
elif (( ${+functions[compdef]} )); then
  compdef _port_manager port-manager
fi
