_port_manager() {
  local offered code word first index
  COMPREPLY=()
  offered=$(PORT_MANAGER_COMPLETE=bash command port-manager -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
  code=$?
  if [[ $code == 3 ]]; then
    # What follows `run` is a command line of its own.
    if declare -F _comp_command_offset >/dev/null; then
      _comp_command_offset "$offered"
      return
    elif declare -F _command_offset >/dev/null; then
      _command_offset "$offered"
      return
    fi
    compopt -o default 2>/dev/null
    first=$offered offered=
    [[ $first != "$COMP_CWORD" || $2 == */* ]] || offered=$(compgen -c -- "$2")
  elif [[ $code != 0 ]]; then
    return 0
  fi
  while IFS= read -r word; do
    [[ -z $word ]] || COMPREPLY+=("$word")
  done <<<"$offered"
  # Words that the shell would read in another way are quoted as file names are.
  local IFS= special='*[!a-zA-Z0-9_./:=@%+,-]*'
  if [[ "${COMPREPLY[*]-}" == $special ]] && ! compopt -o filenames 2>/dev/null; then
    # bash 3.2 has no compopt, and inserts words as they are.
    for index in "${!COMPREPLY[@]}"; do
      [[ ${COMPREPLY[index]} == $special ]] || continue
      printf -v word %q "${COMPREPLY[index]}"
      # Within double quotes, $'...' would run what is in it.
      if [[ $word == "$'"* ]]; then unset "COMPREPLY[index]"; else COMPREPLY[index]=$word; fi
    done
  fi
  [[ "${COMPREPLY-}" != *[/=] ]] || compopt -o nospace 2>/dev/null
}
complete -o nosort -F _port_manager port-manager 2>/dev/null || complete -F _port_manager port-manager
