_port_manager_hook() {
  local code=$?
  eval "$({program} hook --update bash)"
  return "$code"
}
if [[ ";${PROMPT_COMMAND[*]:-};" != *";_port_manager_hook;"* ]]; then
  if [[ "$(declare -p PROMPT_COMMAND 2>&1)" == "declare -a"* ]]; then
    PROMPT_COMMAND=(_port_manager_hook "${PROMPT_COMMAND[@]}")
  else
    PROMPT_COMMAND="_port_manager_hook${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
  fi
fi
