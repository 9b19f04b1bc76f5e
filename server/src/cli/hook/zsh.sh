_port_manager_hook() {
  eval "$({program} hook --update zsh)"
}
typeset -ag precmd_functions chpwd_functions
if (( ! ${precmd_functions[(I)_port_manager_hook]} )); then
  precmd_functions=(_port_manager_hook $precmd_functions)
fi
if (( ! ${chpwd_functions[(I)_port_manager_hook]} )); then
  chpwd_functions=(_port_manager_hook $chpwd_functions)
fi
