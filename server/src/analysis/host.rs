//! Where a host leads.

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// None given, `0.0.0.0`, `::` or `*`: every address of this machine.
    Any,
    /// `localhost`, a loopback address, or the machine as seen from a container.
    Local,
    /// An address of a private network (RFC 1918, RFC 3927).
    Private,
    /// A name without a dot, or with one that no public name ends with: a service in the same network.
    Service,
    /// The value of a variable.
    Variable,
    /// A public host.
    Remote,
}
