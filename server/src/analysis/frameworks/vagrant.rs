//! Vagrant: `config.vm.network "forwarded_port", guest: 80, host: 8080`.

use crate::analysis::code::{Framework, Named, Role, Verdict};
use crate::analysis::occurrence::Kind;

pub(in crate::analysis) const VAGRANT: Framework = Framework::Named(forwarded_port);

fn forwarded_port(named: &Named<'_>) -> Option<Verdict> {
    let is_host = named.role == Role::Entry && named.name.trim_start_matches(':') == "host";
    (is_host && (named.is_beside)("guest")).then(|| Verdict::of(Kind::Published, "binding.vagrant-forward"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, only_first};

    #[test]
    fn the_host_side_of_a_forwarded_port_is_published() {
        finds_what_is_marked(
            "Vagrantfile",
            "config.vm.network 'forwarded_port', guest: 80, host: «8080 published»\n",
        );
        finds_what_is_marked(
            "Vagrantfile",
            "config.vm.network 'forwarded_port', :guest => 80, :host => «8080 published»\n",
        );
    }

    #[test]
    fn a_host_without_a_guest_is_no_forwarded_port() {
        let first = "forward 'port', guest: 80, host: 8080";
        only_first("binding.vagrant-forward", "a.rb", first, &["forward 'port', host: 8080"]);
    }
}
