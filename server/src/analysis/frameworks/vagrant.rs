//! Vagrant: `config.vm.network "forwarded_port", guest: 80, host: 8080`.

use crate::analysis::code::{Framework, Named, Role, Verdict};
use crate::analysis::occurrence::Kind;

pub(in crate::analysis) const VAGRANT: Framework = Framework::Named(forwarded_port);

fn forwarded_port(named: &Named<'_>) -> Option<Verdict> {
    let is_host = named.role == Role::Entry && named.name.trim_start_matches(':') == "host";
    (is_host && (named.is_beside)("guest")).then(|| Verdict::of(Kind::Published, "binding.vagrant-forward"))
}
