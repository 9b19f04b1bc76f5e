# Sets REPLY to where a word of the line, from 0, begins in COMP_WORDS, which has the parts of --only=A_PORT.
_port_manager_index() {
  local line=${COMP_LINE#"${COMP_LINE%%[![:space:]]*}"} word count=0
  for ((REPLY = 0; REPLY < COMP_CWORD; REPLY++)); do
    word=${COMP_WORDS[REPLY]}
    # Parts of one word have no blank between them.
    [[ $line != [[:space:]]* ]] || ((count += 1))
    ((count < $1)) || return 0
    line=${line#"${line%%[![:space:]]*}"}
    line=${line#"$word"}
  done
}
_port_manager() {
  local offered code word first index REPLY
  COMPREPLY=()
  offered=$(PORT_MANAGER_COMPLETE=bash command port-manager -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
  code=$?
  if [[ $code == 3 ]]; then
    # What follows `run` is a command line of its own.
    _port_manager_index "$offered"
    if declare -F _comp_command_offset >/dev/null; then
      _comp_command_offset "$REPLY"
      return
    elif declare -F _command_offset >/dev/null; then
      _command_offset "$REPLY"
      return
    fi
    compopt -o default 2>/dev/null
    first=$REPLY offered=
    [[ $first != "$COMP_CWORD" || $2 == */* ]] || offered=$(compgen -c -- "$2")
  elif [[ $code != 0 ]]; then
    return 0
  fi
  while IFS= read -r word; do
    [[ -z $word ]] || COMPREPLY+=("$word")
  done <<<"$offered"
  # Words that the shell would read in another way are quoted as file names are.
  local IFS= special='*[!a-zA-Z0-9_./:=@%+,-]*'
  # shellcheck disable=SC2053 # It is a pattern.
  if [[ "${COMPREPLY[*]-}" == $special ]] && ! compopt -o filenames 2>/dev/null; then
    # bash 3.2 has no compopt, and inserts words as they are.
    for index in "${!COMPREPLY[@]}"; do
      # shellcheck disable=SC2053
      [[ ${COMPREPLY[index]} == $special ]] || continue
      printf -v word %q "${COMPREPLY[index]}"
      # Within double quotes, $'...' would run what is in it.
      if [[ $word == "$'"* ]]; then unset "COMPREPLY[index]"; else COMPREPLY[index]=$word; fi
    done
  fi
  [[ "${COMPREPLY-}" != *[/=] ]] || compopt -o nospace 2>/dev/null
}
complete -o nosort -F _port_manager port-manager 2>/dev/null || complete -F _port_manager port-manager
