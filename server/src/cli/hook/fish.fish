function __port_manager_hook --on-event fish_prompt --on-variable PWD
    {program} hook --update fish | source
end
