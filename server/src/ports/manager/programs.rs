//! The table of service managers: what they call the server that they started, and the command that stops it there.

/// A program that starts servers and starts them again when they end.
pub(super) struct Row {
    /// What it is called in reports.
    pub(super) name: &'static str,
    /// The names of its program's file, in lower case; one that ends in `*` stands for all that begin like it.
    pub(super) programs: &'static [&'static str],
    /// Whether these are scripts, which an interpreter runs.
    pub(super) is_script: bool,
    /// Whether it is also the parent of processes that lost theirs, so that only a process with a clue is a service of it.
    pub(super) adopts: bool,
    /// Where the service's name is found.
    pub(super) clue: Clue,
    /// The command that stops a service and keeps it stopped; `NAME` stands for the service.
    pub(super) stop: &'static [&'static str],
    /// Options of the manager that the command needs too, with their values: another configuration file.
    pub(super) options: &'static [&'static str],
    /// The command that lists the services by name.
    pub(super) list: &'static str,
}

/// Where the name of the service is found that a server belongs to.
pub(super) enum Clue {
    /// In a variable of the server's environment.
    Variable(&'static str),
    /// In such a variable, or in the field of that name of a variable that is JSON.
    VariableOrField(&'static str, &'static str),
    /// In two variables of the server's environment: `group:process`, or one name where both are the same.
    GroupAndProcess(&'static str, &'static str),
    /// It is the service's directory, in which the manager runs.
    Directory,
    /// It is the first word of the manager's command line that is not an option.
    Argument,
    /// In the server's control group.
    Unit,
    /// Only the manager itself can say.
    Nowhere,
}

const ROW: Row = Row {
    name: "",
    programs: &[],
    is_script: false,
    adopts: false,
    clue: Clue::Nowhere,
    stop: &[],
    options: &[],
    list: "",
};

/// The managers.
#[rustfmt::skip]
pub(super) const MANAGERS: &[Row] = &[
    Row { name: "pm2", programs: &["pm2", "pm2-runtime", "pm2-docker"], is_script: true, clue: Clue::VariableOrField("name", "pm2_env"),
        stop: &["pm2", "stop", "NAME"], list: "pm2 list", ..ROW },
    Row { name: "supervisord", programs: &["supervisord"], is_script: true,
        clue: Clue::GroupAndProcess("SUPERVISOR_GROUP_NAME", "SUPERVISOR_PROCESS_NAME"),
        stop: &["supervisorctl", "stop", "NAME"], options: &["-c", "--configuration"], list: "supervisorctl status", ..ROW },
    Row { name: "circusd", programs: &["circusd"], is_script: true,
        stop: &["circusctl", "stop", "NAME"], list: "circusctl list", ..ROW },
    Row { name: "god", programs: &["god"], is_script: true,
        stop: &["god", "stop", "NAME"], list: "god status", ..ROW },
    Row { name: "runit", programs: &["runsv"], clue: Clue::Directory,
        stop: &["sv", "down", "NAME"], list: "ls /etc/service", ..ROW },
    Row { name: "s6", programs: &["s6-supervise"], clue: Clue::Directory,
        stop: &["s6-svc", "-d", "NAME"], list: "ls /run/service", ..ROW },
    Row { name: "daemontools", programs: &["supervise"], clue: Clue::Directory,
        stop: &["svc", "-d", "NAME"], list: "ls /service", ..ROW },
    Row { name: "OpenRC", programs: &["supervise-daemon"], clue: Clue::Argument,
        stop: &["rc-service", "NAME", "stop"], list: "rc-status", ..ROW },
    Row { name: "systemd", programs: &["systemd"], adopts: true, clue: Clue::Unit,
        stop: &["systemctl", "stop", "NAME"], list: "systemctl list-units", ..ROW },
    Row { name: "launchd", programs: &["launchd"], adopts: true, clue: Clue::Variable("XPC_SERVICE_NAME"),
        stop: &["launchctl", "remove", "NAME"], list: "launchctl list", ..ROW },
    Row { name: "upstart", programs: &["init", "upstart"], adopts: true, clue: Clue::Variable("UPSTART_JOB"),
        stop: &["initctl", "stop", "NAME"], list: "initctl list", ..ROW },
    Row { name: "process-compose", programs: &["process-compose"], clue: Clue::Variable("PC_PROC_NAME"),
        stop: &["process-compose", "process", "stop", "NAME"], list: "process-compose process list", ..ROW },
    Row { name: "nomad", programs: &["nomad"], clue: Clue::Variable("NOMAD_JOB_NAME"),
        stop: &["nomad", "job", "stop", "NAME"], list: "nomad job status", ..ROW },
];
