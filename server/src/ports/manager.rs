//! The processes that may start a server again when it has ended, and how they are kept from it: service managers
//! with their own commands, shells in a loop, and whatever else started the server and still runs.

mod programs;

use std::collections::HashMap;
use std::path::Path;

use programs::{Clue, MANAGERS, Row};

use super::control_group::ControlGroup;
use super::holders::{Holder, Holders};
use super::process::{self, Process};
use super::protection::Protection;
use super::roles::{self, Role, role};
use super::supervisors::Dependant;
use super::suspended::ends_with_its_command;

/// A process that may start a server again when it has ended. It is sent no signal.
#[derive(Debug, Clone)]
pub struct Restarter {
    /// The process, as it was when we looked.
    pub process: Process,
    /// What is known of it as a service manager; `None` for any other program.
    pub manager: Option<Manager>,
    /// The command line that keeps it from starting the server again, word by word, where it is known.
    pub remedy: Option<Vec<String>>,
    /// What else depends on it, where it would be stopped with the server otherwise.
    pub dependants: Vec<Dependant>,
}

/// A service manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// Its name: `pm2`.
    pub name: &'static str,
    /// The name that it gives the server, where that could be found out.
    pub service: Option<String>,
    /// The command that lists its services by name.
    pub list: &'static str,
    /// The command line that stops a service, word by word, with `NAME` for the service.
    pub pattern: Vec<String>,
}

impl Restarter {
    /// Whether it is suspended, so that it starts nothing until it is continued.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        process::is_suspended(self.process.pid)
    }
}

impl Holders {
    /// The processes that may start a server on this port again when it has ended, nearest first, without those that
    /// are stopped with it.
    #[must_use]
    pub fn restarters(&self) -> Vec<Restarter> {
        let mut found: Vec<Restarter> = Vec::new();
        if self.holders.is_empty() {
            return found;
        }
        let own = process::ancestors();
        let parents = process::parents();
        let user = Process::find(&[std::process::id()]).pop().and_then(|process| process.user);
        for holder in &self.holders {
            let of_holder = match holder.protection {
                None => self.above(holder, &own, &parents, user.as_deref()),
                // A manager that listens for its services, as pm2 does for a cluster.
                Some(Protection::ServiceManager) => {
                    listening(holder, &parents, user.as_deref()).into_iter().collect()
                }
                Some(_) => continue,
            };
            for restarter in of_holder {
                if !found.iter().any(|known| known.process.pid == restarter.process.pid) {
                    found.push(restarter);
                }
            }
        }
        found
    }

    /// What depends on a supervisor that is left alone for that.
    fn dependants_of(&self, pid: u32) -> Vec<Dependant> {
        let shared = self.shared_supervisors.iter().find(|shared| shared.process.pid == pid);
        shared.map(|shared| shared.dependants.clone()).unwrap_or_default()
    }

    /// Those above one server.
    fn above(
        &self,
        holder: &Holder,
        own: &[u32],
        parents: &HashMap<u32, u32>,
        user: Option<&str>,
    ) -> Vec<Restarter> {
        let server = &holder.process;
        let chain = process::chain(server.pid, parents);
        let mut known = Process::find(&chain);
        let mut found = Vec::new();
        for pid in chain {
            let Some(at) = known.iter().position(|process| process.pid == pid) else { break };
            let process = known.swap_remove(at);
            // On Windows, the number may be another's by now.
            if process.started > server.started || pid == std::process::id() {
                break;
            }
            let is_stopped = (self.holders.iter())
                .any(|holder| holder.process.pid == pid && holder.protection.is_none())
                || self.supervisors.iter().any(|supervisor| supervisor.process.pid == pid);
            if is_stopped {
                continue;
            }
            if let Some(row) = row_of(&process) {
                found.extend(row.restarter(process, &Evidence::of(server), user));
                break;
            }
            match relation(&process, server) {
                Relation::None => break,
                // What this command was started by waits for it, and starts nothing meanwhile.
                Relation::MayRestart if !own.contains(&pid) => {
                    // The first process of a container takes no SIGTERM that it does not ask for.
                    let may_end = pid != 1 && is_shell(&process);
                    let remedy = may_end.then(|| vec!["kill".to_owned(), pid.to_string()]);
                    let dependants = self.dependants_of(pid);
                    found.push(Restarter { process, manager: None, remedy, dependants });
                }
                Relation::MayRestart | Relation::EndsWithIt => {}
            }
        }
        found
    }
}

/// What a process above a server has to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// It may start it again when it has ended.
    MayRestart,
    /// It ends when its command has ended.
    EndsWithIt,
    /// It starts nothing by itself, and nor does what is above it.
    None,
}

fn relation(process: &Process, server: &Process) -> Relation {
    if ends_with_its_command(process) {
        return Relation::EndsWithIt;
    }
    match role(process) {
        Some(Role::Never(Protection::Shell)) if !roles::is_shell_of_a_script(process) => Relation::None,
        Some(Role::Never(Protection::Shell)) => Relation::MayRestart,
        Some(Role::Never(_)) => Relation::None,
        // The first process adopts those that lost their parent; what it started itself is in its session.
        _ if process.pid == 1 && !process::is_of_the_same_session(1, server.pid) => Relation::None,
        _ => Relation::MayRestart,
    }
}

fn is_shell(process: &Process) -> bool {
    role(process) == Some(Role::Never(Protection::Shell))
}

fn row_of(process: &Process) -> Option<&'static Row> {
    MANAGERS.iter().find(|row| roles::is_called(process, row.programs, row.is_script))
}

/// The manager that listens itself for a service of its own.
fn listening(holder: &Holder, parents: &HashMap<u32, u32>, user: Option<&str>) -> Option<Restarter> {
    let row = row_of(&holder.process).filter(|row| !row.adopts)?;
    let children: Vec<u32> = (parents.iter())
        .filter(|(_, parent)| **parent == holder.process.pid)
        .map(|(child, _)| *child)
        .collect();
    let mut services: Vec<Option<String>> = (Process::find(&children).iter())
        .map(|child| row.clue.service(&holder.process, &Evidence::of(child)))
        .collect();
    services.sort();
    services.dedup();
    // With several services, it is not known for which of them it listens.
    let service = if services.len() == 1 { services.swap_remove(0) } else { None };
    Some(row.with_service(holder.process.clone(), service, user))
}

impl Row {
    /// The manager as one that may start the server again; `None` where the server is not one of its services.
    fn restarter(&self, process: Process, server: &Evidence, user: Option<&str>) -> Option<Restarter> {
        let service = self.clue.service(&process, server);
        if self.adopts && service.is_none() {
            return None;
        }
        Some(self.with_service(process, service, user))
    }

    fn with_service(&self, process: Process, service: Option<String>, user: Option<&str>) -> Restarter {
        let mut words: Vec<String> = self.stop.iter().map(ToString::to_string).collect();
        if matches!(self.clue, Clue::Unit) && process.pid != 1 {
            words.insert(1, "--user".to_owned());
        }
        if let Some((option, value)) = option_of(&process, self.options) {
            words.splice(1..1, [option, value]);
        }
        let is_anothers =
            cfg!(unix) && matches!((user, &process.user), (Some(user), Some(its)) if user != its);
        if is_anothers && user != Some("root") {
            words.insert(0, "sudo".to_owned());
        }
        let remedy = service.as_ref().map(|service| {
            words.iter().map(|word| if word == "NAME" { service.clone() } else { word.clone() }).collect()
        });
        let manager = Manager { name: self.name, service, list: self.list, pattern: words };
        Restarter { process, manager: Some(manager), remedy, dependants: Vec::new() }
    }
}

/// What a server's process tells of the service that it is.
#[derive(Debug, Default)]
struct Evidence {
    /// Its environment.
    environment: HashMap<String, String>,
    /// The service of its control group.
    unit: Option<String>,
}

impl Evidence {
    fn of(server: &Process) -> Self {
        Self { environment: process::environment(server.pid), unit: ControlGroup::of(server.pid).service }
    }
}

impl Clue {
    /// What the manager calls the server, by what is known of that.
    fn service(&self, manager: &Process, server: &Evidence) -> Option<String> {
        let variable = |name: &str| {
            // `0` is what launchd gives programs that are no services.
            server.environment.get(name).filter(|value| !value.is_empty() && *value != "0").cloned()
        };
        let argument = || manager.command.iter().skip(1).find(|word| !word.starts_with('-')).cloned();
        match self {
            Self::Variable(name) => variable(name),
            Self::VariableOrField(name, json) => variable(name).or_else(|| {
                let value: serde_json::Value = serde_json::from_str(server.environment.get(*json)?).ok()?;
                Some(value.get(name)?.as_str()?.to_owned())
            }),
            Self::GroupAndProcess(group, process) => {
                let (group, process) = (variable(group)?, variable(process)?);
                Some(if group == process { process } else { format!("{group}:{process}") })
            }
            Self::Directory => {
                let directory = manager.directory.as_ref().map(|directory| directory.display().to_string());
                directory.or_else(argument)
            }
            Self::Argument => argument(),
            Self::Unit => server.unit.clone(),
            Self::Nowhere => None,
        }
    }
}

/// The first of these options that a process was given, with its value; a file with its whole path.
fn option_of(process: &Process, options: &[&str]) -> Option<(String, String)> {
    let mut words = process.command.iter();
    let option = words.find(|word| options.contains(&word.as_str()))?;
    let value = words.next()?;
    let path = process.directory.as_deref().unwrap_or(Path::new("")).join(value);
    Some((option.clone(), path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// A manager's command line, what the server has in its environment, and what stops the server.
    const EXAMPLES: &[(&str, &str, &str)] = &[
        ("/usr/bin/node /usr/bin/pm2-runtime start app.js", "name=web", "pm2 stop web"),
        (
            "pm2 v7.0.4: God Daemon (/home/dev/.pm2)",
            r#"pm2_env={"exec_mode":"cluster_mode","name":"web"}"#,
            "pm2 stop web",
        ),
        (
            "/usr/bin/python3 /usr/bin/supervisord -n",
            "SUPERVISOR_GROUP_NAME=web SUPERVISOR_PROCESS_NAME=web",
            "supervisorctl stop web",
        ),
        (
            "/usr/bin/python3 /usr/bin/supervisord -n -c shop.conf",
            "SUPERVISOR_GROUP_NAME=shop SUPERVISOR_PROCESS_NAME=web_00",
            "supervisorctl -c /srv/web/shop.conf stop shop:web_00",
        ),
        ("/usr/bin/python3 /usr/bin/circusd circus.ini", "", "circusctl stop NAME"),
        ("/usr/bin/ruby /usr/bin/god -c god.rb", "", "god stop NAME"),
        ("/usr/bin/runsv web", "", "sv down /srv/web"),
        ("/bin/s6-supervise web", "", "s6-svc -d /srv/web"),
        ("/usr/bin/supervise web", "", "svc -d /srv/web"),
        ("/sbin/supervise-daemon web --start /usr/bin/web", "", "rc-service web stop"),
        ("/usr/lib/systemd/systemd --user", "unit=web.service", "systemctl --user stop web.service"),
        ("/sbin/launchd", "XPC_SERVICE_NAME=com.example.web", "launchctl remove com.example.web"),
        ("/sbin/init", "UPSTART_JOB=web", "initctl stop web"),
        ("/usr/bin/process-compose up", "PC_PROC_NAME=web", "process-compose process stop web"),
        ("/usr/bin/nomad executor", "NOMAD_JOB_NAME=web", "nomad job stop web"),
    ];

    /// The process with that command line.
    fn process(line: &str) -> Process {
        let command: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Process {
            pid: 4242,
            program: command[0].rsplit('/').next().unwrap().to_owned(),
            path: Some(command[0].clone().into()),
            directory: Some("/srv/web".into()),
            user: None,
            command,
            ..Process::find(&[std::process::id()]).remove(0)
        }
    }

    fn evidence(text: &str) -> Evidence {
        let mut environment: HashMap<String, String> = (text.split(' '))
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Evidence { unit: environment.remove("unit"), environment }
    }

    #[test]
    fn every_manager_is_known_with_its_command() {
        let mut seen = HashSet::new();
        for (line, server, expected) in EXAMPLES {
            let manager = process(line);
            let row = row_of(&manager).unwrap_or_else(|| panic!("{line} is a manager"));
            let found = row.restarter(manager, &evidence(server), None).unwrap();
            let pattern = found.manager.unwrap().pattern;
            assert_eq!(found.remedy.unwrap_or(pattern).join(" "), *expected, "{line}");
            seen.insert(row.name);
        }
        assert!(MANAGERS.iter().all(|row| seen.contains(row.name)), "every row has an example");
    }

    #[test]
    fn a_process_that_was_only_adopted_is_no_service() {
        for line in ["/usr/lib/systemd/systemd --user", "/sbin/launchd", "/sbin/init"] {
            let manager = process(line);
            let row = row_of(&manager).unwrap();
            let found = row.restarter(manager, &evidence("XPC_SERVICE_NAME=0"), None);
            assert!(found.is_none(), "{line}");
        }
    }

    #[test]
    fn the_manager_of_another_user_needs_sudo() {
        let manager = Process { user: Some("root".to_owned()), ..process("/usr/bin/runsv web") };
        let row = row_of(&manager).unwrap();
        let remedy =
            |user| row.restarter(manager.clone(), &Evidence::default(), user).unwrap().remedy.unwrap();
        assert_eq!(remedy(Some("dev")), ["sudo", "sv", "down", "/srv/web"]);
        assert_eq!(remedy(Some("root")), ["sv", "down", "/srv/web"]);
    }

    #[test]
    fn servers_and_scripts_of_a_project_are_no_managers() {
        for line in
            ["node supervise.js", "python3 god_mode.py", "node server.js", "ruby runsv.rb", "nomadland"]
        {
            assert!(row_of(&process(line)).is_none(), "{line}");
        }
    }
}
