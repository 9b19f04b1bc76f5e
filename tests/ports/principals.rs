//! Ports that are held for somebody else: containers, units of systemd, other users. Programs of the
//! names that matter stand in for the real ones.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::home::{Home, Ran};
use crate::process::{ChildProcess, Server, copy_of};

/// A machine on which those programs, given as shell scripts, and no others are found.
struct Machine {
    home: Home,
    programs: PathBuf,
}

impl Machine {
    fn new(scripts: &[(&str, &str)]) -> Self {
        let home = Home::new();
        let programs = home.directory("programs");
        for (name, script) in scripts {
            let path = programs.join(name);
            // By another process, for the reason that `copy_of` has.
            let mut writer = Command::new("sh");
            writer.args(["-c", r#"printf '#!/bin/sh\n%s\n' "$2" > "$1" && chmod 755 "$1""#, "sh"]);
            assert!(writer.arg(path).arg(script).status().unwrap().success());
        }
        Self { home, programs }
    }

    fn free(&self, port: u16, arguments: &[&str]) -> Ran {
        let port = port.to_string();
        let mut all = vec!["free", &port];
        all.extend(arguments);
        let output = self.home.command("", &all).env("PATH", &self.programs).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The proxy of a container, with the command line that docker gives it.
    fn proxy(&self) -> ChildProcess {
        let words = "-proto tcp -host-ip 0.0.0.0 -host-port 1 -container-ip 172.18.0.2 -container-port 5432";
        let words: Vec<&str> = words.split(' ').collect();
        Server::new(&self.home.path("")).named("docker-proxy").with_words(&words).start()
    }
}

/// `docker ps` lists a container that publishes the port; `docker stop` is written down, and done.
fn docker(port: u16, pid: u32) -> String {
    format!(
        r#"case "$1" in
ps) printf '0123456789abcdef0123\tother-1\t127.0.0.1:{other}->80/tcp\n4f5e2c0b8d7a69b1c3d2\tshop-db-1\t127.0.0.1:{port}->5432/tcp\n' ;;
stop) echo "$@" >> "$HOME/docker-was-told"; kill -9 {pid} ;;
esac"#,
        other = port - 1
    )
}

#[test]
fn a_container_is_named_and_left_alone() {
    let mut machine = Machine::new(&[]);
    let mut proxy = machine.proxy();
    machine = Machine { programs: Machine::new(&[]).programs, ..machine };
    let script = docker(proxy.port, proxy.pid());
    let with_docker = Machine::new(&[("docker", &script)]);
    let ran = with_docker.free(proxy.port, &["--force"]);
    assert_eq!(ran.code, Some(1));
    let port = proxy.port;
    assert_eq!(
        ran.stdout,
        format!("Port {port} is not free: the container shop-db-1 (172.18.0.2:5432) publishes it.\n")
    );
    let help = format!(
        "help: Stop the container: docker stop shop-db-1 (which port-manager free {port} --yes does)\n"
    );
    assert!(ran.stderr.ends_with(&help), "{}", ran.stderr);
    assert!(!with_docker.home.path("docker-was-told").exists());
    assert!(proxy.is_alive());
    drop(machine);
}

#[test]
fn a_container_is_stopped_when_that_was_said_beforehand() {
    let machine = Machine::new(&[]);
    let mut proxy = machine.proxy();
    let with_docker = Machine::new(&[("docker", &docker(proxy.port, proxy.pid()))]);
    let ran = with_docker.free(proxy.port, &["--yes", "--json"]);
    let report = ran.json();
    assert_eq!(ran.code, Some(0), "{report}");
    assert_eq!(with_docker.home.read("docker-was-told"), "stop shop-db-1\n");
    assert_eq!((&report["is_free"], &report["principal"]["is_stopped"]), (&true.into(), &true.into()));
    assert_eq!(report["principal"]["id"], "4f5e2c0b8d7a69b1c3d2");
    assert!(proxy.ends());
}

#[test]
fn a_container_that_cannot_be_stopped_is_said_to_be() {
    let machine = Machine::new(&[]);
    let mut proxy = machine.proxy();
    let list = format!("ps) printf '4f5e\\tshop-db-1\\t0.0.0.0:{}->5432/tcp\\n' ;;", proxy.port);
    let script = format!("case $1 in {list} *) echo 'permission denied' >&2; exit 1 ;; esac");
    let ran = Machine::new(&[("docker", &script)]).free(proxy.port, &["--yes", "--timeout", "0.1"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("is not free: the container shop-db-1"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("it could not be stopped: permission denied.\n"), "{}", ran.stdout);
    assert!(proxy.is_alive());
}

#[test]
fn without_docker_it_is_said_where_the_container_is_and_how_its_name_is_found() {
    let machine = Machine::new(&[]);
    let mut proxy = machine.proxy();
    let ran = machine.free(proxy.port, &["--yes", "--force"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("the container (172.18.0.2:5432) publishes it"), "{}", ran.stdout);
    let help = format!("docker ps --filter publish={} names it; then: docker stop NAME", proxy.port);
    assert!(ran.stderr.contains(&help), "{}", ran.stderr);
    assert!(proxy.is_alive());
}

#[test]
fn podman_s_monitor_says_which_container_it_is_for() {
    let machine = Machine::new(&[]);
    let words = ["--api-version", "1", "-c", "4f5e2c0b8d7a", "-n", "shop-db"];
    let mut conmon = Server::new(&machine.home.path("")).named("conmon").with_words(&words).start();
    let ran = machine.free(conmon.port, &["--force", "--yes", "--json"]);
    let report = ran.json();
    assert_eq!(ran.code, Some(1), "{report}");
    let remedy: Vec<&str> =
        report["principal"]["remedy"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(remedy, ["podman", "stop", "shop-db"]);
    assert_eq!(report["principal"]["is_stopped"], false, "podman is not there");
    assert!(conmon.is_alive());
}

#[cfg(target_os = "linux")]
#[test]
fn a_socket_of_systemd_is_named_and_left_alone() {
    let machine = Machine::new(&[]);
    let mut manager = Server::new(&machine.home.path("")).named("systemd").start();
    let port = manager.port;
    let script = format!(
        "[ \"$1\" = --user ] && [ \"$2\" = list-sockets ] && \
         echo '127.0.0.1:{port} Stream shop.socket shop.service'"
    );
    let ran = Machine::new(&[("systemctl", &script)]).free(port, &["--yes", "--force"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert_eq!(ran.stdout, format!("Port {port} is not free: systemd's shop.socket listens there.\n"));
    assert!(ran.stderr.contains("systemctl --user stop shop.socket"), "{}", ran.stderr);
    assert!(manager.is_alive());
    // And where nobody knows the name.
    let ran = machine.free(port, &["--yes", "--force"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("a socket unit of systemd listens there"), "{}", ran.stdout);
    assert!(manager.is_alive());
}

/// The command line of a user who is not root: the user `nobody`, with those arguments of setpriv.
#[cfg(target_os = "linux")]
fn as_nobody(home: &Home, capabilities: &[&str], arguments: &[&str]) -> Result<Ran, String> {
    let setpriv = || {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--clear-groups"]).args(capabilities);
        command
    };
    match setpriv().arg("true").output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => return Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => return Err(format!("setpriv: {error}")),
    }
    let config = home.path("config");
    for path in [home.path(""), config.clone()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let binary = home.path("port-manager");
    if !binary.exists() {
        copy_of(assert_cmd::cargo::cargo_bin!("port-manager"), &binary);
    }
    let output =
        setpriv().arg(&binary).args(arguments).env("PORT_MANAGER_CONFIG_DIR", &config).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ok(Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) })
}

/// Capabilities to look into all processes.
#[cfg(target_os = "linux")]
const MAY_LOOK: [&str; 3] = [
    "--inh-caps=-all,+sys_ptrace,+dac_read_search",
    "--ambient-caps=-all,+sys_ptrace,+dac_read_search",
    "--bounding-set=-all,+sys_ptrace,+dac_read_search",
];

/// Somebody who may look into all processes, and stop none of others.
#[cfg(target_os = "linux")]
#[test]
fn a_process_of_another_user_is_named_and_left_alone() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    let port = server.port.to_string();
    let ran = match as_nobody(&home, &MAY_LOOK, &["free", &port, "--yes", "--force"]) {
        Ok(ran) => ran,
        Err(reason) => return crate::not_possible("a visible process of another user", reason),
    };
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let sentence = format!("({}) belongs to user root, and you may not stop it", server.pid());
    assert!(ran.stdout.contains(&sentence), "{}", ran.stdout);
    assert!(ran.stderr.contains(&format!("sudo port-manager free {port}")), "{}", ran.stderr);
    assert!(server.is_alive());
}

/// To stop one's own would gain nothing, whether the other is visible or not.
#[cfg(target_os = "linux")]
#[test]
fn who_shares_a_port_with_another_user_is_spared() {
    let what = "a port that two users share";
    if std::net::TcpListener::bind("127.0.0.2:0").is_err() {
        return crate::not_possible(what, "127.0.0.2 is no address of this machine");
    }
    let home = Home::new();
    fs::set_permissions(home.path(""), fs::Permissions::from_mode(0o777)).unwrap();
    let mut others = ChildProcess::server(&home.path(""));
    let address = format!("127.0.0.2:{}", others.port);
    let mut own = Server::new(&home.path("")).at(address).of_user(65534).start();
    let port = others.port.to_string();
    for (capabilities, sentence) in [
        (&MAY_LOOK[..], format!("({}) belongs to user root", others.pid())),
        (&[], "it is used by a process of user root, and the owner is not visible to you".to_owned()),
    ] {
        let ran = match as_nobody(&home, capabilities, &["free", &port, "--yes", "--force"]) {
            Ok(ran) => ran,
            Err(reason) => return crate::not_possible(what, reason),
        };
        assert_eq!(ran.code, Some(1), "{}", ran.stdout);
        assert!(ran.stdout.contains(&sentence), "{}", ran.stdout);
        let spared = format!("({}) was left alone, since stopping it would not free the port", own.pid());
        assert!(ran.stdout.contains(&spared), "{}", ran.stdout);
        assert!(own.is_alive() && others.is_alive());
    }
}

/// Root in a process namespace of its own, as in a container: it is root already.
#[cfg(target_os = "linux")]
#[test]
fn root_who_cannot_see_the_owner_is_not_sent_to_sudo() {
    let what = "root in another process namespace";
    let namespace = ["--pid", "--fork", "--mount-proc"];
    match Command::new("unshare").args(namespace).arg("true").output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => return crate::not_possible(what, String::from_utf8_lossy(&output.stderr)),
        Err(error) => return crate::not_possible(what, format_args!("unshare: {error}")),
    }
    let home = Home::new();
    let mut server = ChildProcess::server(&home.path(""));
    let port = server.port.to_string();
    let inside = home.command("", &["free", &port, "--yes"]);
    let mut command = Command::new("unshare");
    // No docker that this machine may have is asked.
    command.args(namespace).args(["env", "PATH="]).arg(inside.get_program()).args(inside.get_args());
    let output = command.env("PORT_MANAGER_CONFIG_DIR", home.path("config")).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no process that root can see here holds it"), "{said}");
    assert!(said.contains("container or process namespace") && !said.contains("sudo"), "{said}");
    assert!(server.is_alive());
}
