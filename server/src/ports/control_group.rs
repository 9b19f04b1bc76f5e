//! What a process's control group tells: the unit of systemd that it belongs to, and the container that
//! it runs in (cgroups(7), "/proc/PID/cgroup").

/// What a control group is called after.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ControlGroup {
    /// The service: `postgresql.service`.
    pub(super) service: Option<String>,
    /// The container's identifier, 64 hexadecimal digits.
    pub(super) container: Option<String>,
}

impl ControlGroup {
    /// That of a process; nothing where there is no such thing, or it is hidden from us.
    pub(super) fn of(process: impl std::fmt::Display) -> Self {
        if !cfg!(target_os = "linux") {
            return Self::default();
        }
        let text = std::fs::read_to_string(format!("/proc/{process}/cgroup"));
        text.map_or_else(|_| Self::default(), |text| Self::parse(&text))
    }

    /// Lines of `hierarchy-ID:controllers:path`.
    fn parse(text: &str) -> Self {
        let paths: Vec<&str> = text.lines().filter_map(|line| line.splitn(3, ':').nth(2)).collect();
        let parts = || paths.iter().flat_map(|path| path.split('/'));
        // The innermost part: a user's services run under that user's service manager, which is a
        // service too.
        let innermost = paths.iter().filter_map(|path| path.split('/').rfind(|part| !part.is_empty()));
        let service =
            innermost.into_iter().find(|part| part.ends_with(".service") && !part.starts_with("user@"));
        Self { service: service.map(str::to_owned), container: parts().find_map(container) }
    }
}

/// Whether the process runs in a container in which we do not.
pub(super) fn is_in_container(pid: u32) -> bool {
    ControlGroup::of(pid).container.is_some_and(|its| Some(its) != ControlGroup::of("self").container)
}

/// `docker-<id>.scope`, `libpod-<id>.scope`, `cri-containerd-<id>.scope`, and `<id>` under `docker/`.
fn container(part: &str) -> Option<String> {
    let name = part.strip_suffix(".scope").unwrap_or(part);
    let id = name.rsplit('-').next().unwrap_or(name);
    let is_id = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "4f5e2c0b8d7a69b1c3d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a";

    fn service(text: &str) -> Option<String> {
        ControlGroup::parse(text).service
    }

    #[test]
    fn a_service_is_named() {
        assert_eq!(service("0::/system.slice/postgresql.service\n").as_deref(), Some("postgresql.service"));
        assert_eq!(
            service("0::/user.slice/user-1000.slice/user@1000.service/app.slice/shop.service\n").as_deref(),
            Some("shop.service")
        );
        let old = "11:pids:/system.slice/nginx.service\n1:name=systemd:/system.slice/nginx.service\n";
        assert_eq!(service(old).as_deref(), Some("nginx.service"));
    }

    #[test]
    fn what_a_person_started_is_no_service() {
        for text in [
            "0::/user.slice/user-1000.slice/session-3.scope\n",
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-1.scope\n",
            "0::/user.slice/user-1000.slice/user@1000.service\n",
            "0::/\n",
            "",
            "nonsense",
        ] {
            assert_eq!(ControlGroup::parse(text), ControlGroup::default(), "{text}");
        }
    }

    #[test]
    fn a_container_is_told_by_its_identifier() {
        for path in [
            format!("/system.slice/docker-{ID}.scope"),
            format!("/docker/{ID}"),
            format!("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope/container"),
            format!("/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope"),
        ] {
            let text = format!("0::{path}\n");
            assert_eq!(ControlGroup::parse(&text).container.as_deref(), Some(ID), "{path}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn we_are_in_no_container_that_we_are_not_in() {
        assert!(!is_in_container(std::process::id()));
    }
}
