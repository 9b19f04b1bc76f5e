function __port_manager_complete
    set -l before (commandline --cut-at-cursor --current-process --tokenize)
    set -l current (commandline --cut-at-cursor --current-token)
    set -l offered (PORT_MANAGER_COMPLETE=fish command port-manager -- $before "$current" 2>/dev/null)
    if test $status -eq 3
        # What follows `run` is a command line of its own.
        set -l first (math $offered + 1)
        set -l words (string escape -- $before[$first..-1])
        complete --do-complete (string join -- ' ' $words $current)
    else
        string join -- \n $offered
    end
end
complete --command port-manager --exclusive --keep-order --arguments '(__port_manager_complete)'
