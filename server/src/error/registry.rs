//! Why the registry cannot be read or changed.

use std::io;
use std::path::{Path, PathBuf};

/// The registry cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// There is no home directory, so the registry has no place.
    #[error("there is no home directory to keep the registry in")]
    NoHome,
    /// The registry does not parse.
    #[error("{}:{line}:{column}: the registry is damaged: {message}", path.display())]
    Damaged {
        /// The registry's file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
        /// The last good version, where there is one.
        backup: Option<PathBuf>,
    },
    /// There was a registry, and it is gone.
    #[error("the registry {} is gone; its backup {} is there", path.display(), backup.display())]
    Gone {
        /// The registry's file.
        path: PathBuf,
        /// The last good version.
        backup: PathBuf,
    },
    /// A link on the way to the registry leads nowhere.
    #[error("the registry is reached through {}, a link to {}, which does not exist", link.display(), target.display())]
    LinkDangling {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// The registry's path is a link to a file that is not a registry.
    #[error("{} is a link to {}, which is not a registry", link.display(), target.display())]
    NotARegistry {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// The lock's file was removed while this process held the lock.
    #[error("{} was removed while the registry was being changed", path.display())]
    LockLost {
        /// The lock's file.
        path: PathBuf,
    },
    /// Something changed the registry without its lock.
    #[error("{} was changed by another program at the same time", path.display())]
    Changed {
        /// The registry's file.
        path: PathBuf,
    },
    /// The registry was written by a newer port-manager.
    #[error(
        "{}: the registry has version {version}; this port-manager understands up to {understood}",
        path.display()
    )]
    TooNew {
        /// The registry's file.
        path: PathBuf,
        /// Its version.
        version: u64,
        /// The newest version that is understood.
        understood: u64,
    },
    /// The registry may not be changed: its disk or its directory is read-only, mostly.
    #[error("cannot change the registry: {}: {source}", path.display())]
    NotWritable {
        /// The file or directory that could not be created or opened.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process has had the registry locked for too long.
    #[error(
        "{} is locked{}; waited {seconds} s",
        path.display(),
        holder.map(|pid| format!(" by process {pid}")).unwrap_or_default()
    )]
    Locked {
        /// The lock's file.
        path: PathBuf,
        /// The process that holds it, where known.
        holder: Option<u32>,
        /// How long this process waited for it.
        seconds: u64,
    },
}

impl RegistryError {
    /// What to do next; `None` where the text already says it.
    pub(super) fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoHome => "Set PORT_MANAGER_CONFIG_DIR to a directory.".to_owned(),
            Self::Damaged { backup, .. } => recovery(backup.as_deref()),
            Self::TooNew { .. } => "The file was left as it is. Update port-manager.".to_owned(),
            Self::Gone { backup, .. } => format!(
                "Run `port-manager doctor --repair` to restore it from the backup; or remove {} to start \
                 with an empty registry.",
                backup.display()
            ),
            Self::LinkDangling { link, target } => format!(
                "Restore {} (is its disk mounted?); or remove the link {} to start with an empty registry.",
                target.display(),
                link.display()
            ),
            Self::NotARegistry { link, .. } => format!(
                "Both were left as they are. Make the link lead to the registry, or remove {} to start with \
                 an empty one.",
                link.display()
            ),
            Self::LockLost { .. } | Self::Changed { .. } => {
                "Nothing was changed. Run the command again.".to_owned()
            }
            // Its text says it already.
            Self::NotWritable { source, .. } if source.kind() == io::ErrorKind::InvalidInput => return None,
            Self::NotWritable { .. } => {
                "Make it writable, or set PORT_MANAGER_CONFIG_DIR to a directory that is.".to_owned()
            }
            Self::Locked { holder: Some(pid), .. } => {
                format!("Wait for process {pid} to finish, or end it; then try again.")
            }
            Self::Locked { holder: None, .. } => {
                "Another port-manager is at work. Wait for it to finish, or end it; then try again."
                    .to_owned()
            }
        })
    }
}

/// How to repair a damaged registry.
fn recovery(backup: Option<&Path>) -> String {
    let sources = match backup {
        Some(backup) => format!("its backup {} and", backup.display()),
        None => "what can be read of it and".to_owned(),
    };
    format!(
        "The file was left as it is. Run `port-manager doctor --repair` to keep it aside and rebuild it \
         from {sources} the projects' .ports.env."
    )
}
