_port_manager_hook() {
  eval "$({program} hook --update zsh)"
}
# Options such as KSH_ARRAYS change what arrays mean, so none of the user's counts here.
() {
  emulate -L zsh
  typeset -ga precmd_functions chpwd_functions
  (( ${precmd_functions[(I)_port_manager_hook]} )) || precmd_functions=(_port_manager_hook $precmd_functions)
  (( ${chpwd_functions[(I)_port_manager_hook]} )) || chpwd_functions=(_port_manager_hook $chpwd_functions)
}
