//! Listeners by /proc: the sockets of every user, and each process that shares one.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;

use procfs::net::{TcpState, UdpState};
use procfs::process::FDTarget;
use sysinfo::Users;

use super::{Listener, Protocol, Wanted};
use crate::error::{Error, ListenerError, Result};
use crate::port::Port;

/// A socket of the kernel's tables.
struct Socket {
    inode: u64,
    port: Port,
    address: SocketAddr,
    protocol: Protocol,
    user_id: u32,
}

/// A process that holds a socket.
#[derive(Clone)]
struct Holder {
    pid: u32,
    program: Option<String>,
}

/// The listeners that are asked for.
pub(super) fn listeners(is_wanted: Wanted<'_>) -> Result<Vec<Listener>> {
    let sockets = sockets(is_wanted)?;
    if sockets.is_empty() {
        // Looking into every process costs a hundred times as much as the tables.
        return Ok(Vec::new());
    }
    let holders = holders(&sockets);
    let users = Users::new_with_refreshed_list().ok();
    let mut found = Vec::with_capacity(sockets.len());
    for socket in &sockets {
        let listener = Listener {
            port: socket.port,
            protocol: socket.protocol,
            address: socket.address.ip(),
            pid: None,
            program: None,
            user: user_name(users.as_ref(), socket.user_id),
        };
        match holders.get(&socket.inode) {
            Some(holders) => found.extend(holders.iter().map(|holder| Listener {
                pid: Some(holder.pid),
                program: holder.program.clone(),
                ..listener.clone()
            })),
            None => found.push(listener),
        }
    }
    Ok(found)
}

/// The TCP ports on which anybody listens.
pub(super) fn taken_ports() -> Result<HashSet<Port>> {
    let sockets = sockets(&|_, protocol| protocol == Protocol::Tcp)?;
    Ok(sockets.into_iter().map(|socket| socket.port).collect())
}

fn sockets(is_wanted: Wanted<'_>) -> Result<Vec<Socket>> {
    let tcp = procfs::net::tcp().map_err(|error| {
        Error::Listener(ListenerError::Unknown { reason: format!("/proc/net/tcp: {error}") })
    })?;
    // Not there on a machine without IPv6.
    let tcp6 = procfs::net::tcp6().unwrap_or_default();
    let mut found: Vec<Socket> = tcp
        .into_iter()
        .chain(tcp6)
        .filter(|entry| entry.state == TcpState::Listen)
        .filter_map(|entry| {
            Socket::new(entry.inode, entry.local_address, Protocol::Tcp, entry.uid, is_wanted)
        })
        .collect();
    let udp = procfs::net::udp().unwrap_or_default();
    let udp6 = procfs::net::udp6().unwrap_or_default();
    let bound = udp.into_iter().chain(udp6).filter(|entry| entry.state == UdpState::Close);
    found.extend(bound.filter_map(|entry| {
        Socket::new(entry.inode, entry.local_address, Protocol::Udp, entry.uid, is_wanted)
    }));
    Ok(found)
}

impl Socket {
    fn new(
        inode: u64,
        address: SocketAddr,
        protocol: Protocol,
        user_id: u32,
        is_wanted: Wanted<'_>,
    ) -> Option<Self> {
        let port = Port::new(address.port())?;
        is_wanted(port, protocol).then_some(Self { inode, port, address, protocol, user_id })
    }
}

/// Which processes hold each of the sockets, as far as we may look. A process that ends while we look
/// is left out.
fn holders(sockets: &[Socket]) -> HashMap<u64, Vec<Holder>> {
    let mut holders: HashMap<u64, Vec<Holder>> = HashMap::new();
    let wanted: HashSet<u64> = sockets.iter().map(|socket| socket.inode).collect();
    let Ok(processes) = procfs::process::all_processes() else { return holders };
    for process in processes.flatten() {
        let Ok(descriptors) = process.fd() else { continue };
        let mut inodes: Vec<u64> = descriptors
            .flatten()
            .filter_map(|descriptor| match descriptor.target {
                FDTarget::Socket(inode) if wanted.contains(&inode) => Some(inode),
                _ => None,
            })
            .collect();
        if inodes.is_empty() {
            continue;
        }
        inodes.sort_unstable();
        inodes.dedup();
        let Ok(pid) = u32::try_from(process.pid()) else { continue };
        let holder = Holder { pid, program: program(&process) };
        for inode in inodes {
            holders.entry(inode).or_default().push(holder.clone());
        }
    }
    holders
}

/// The file name of the program; where that is hidden, the name that the kernel keeps, which is cut
/// to 15 bytes and may be a thread's (`MainThread` for node).
fn program(process: &procfs::process::Process) -> Option<String> {
    let file_name = process.exe().ok().and_then(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        // What the kernel adds once the file has been replaced, as by an upgrade.
        Some(name.strip_suffix(" (deleted)").map_or(name.clone(), str::to_owned))
    });
    file_name.or_else(|| process.stat().ok().map(|stat| stat.comm))
}

fn user_name(users: Option<&Users>, id: u32) -> Option<String> {
    users?.iter().find(|user| **user.id() == id).map(|user| user.name().to_owned())
}
