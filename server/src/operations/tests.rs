//! The operations, as a user meets them: projects in a temporary directory, a registry of their own.

mod allocate;
mod clean;
mod init;
mod init_cases;
mod moving;
mod reservations;
mod sequences;
mod show;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::port_map::port_map;
use super::*;
use crate::error::Error;
use crate::project::ProjectRoot;

struct Machine {
    directory: PathBuf,
    context: Context,
    /// The ports that something listens on.
    listening: Arc<Mutex<BTreeSet<Port>>>,
    _temporary: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let directory = fs::canonicalize(temporary.path()).unwrap();
        let listening = Arc::new(Mutex::new(BTreeSet::new()));
        let store = Store::at(&directory.join("config")).with_clock(noon);
        let context = {
            let listening = Arc::clone(&listening);
            Context::new(store, move |port| !listening.lock().unwrap().contains(&port))
        };
        Self { directory, context, listening, _temporary: temporary }
    }

    fn at(&self, clock: fn() -> Timestamp) -> Context {
        let store = self.context.store.clone().with_clock(clock);
        Context::new(store, |_| true)
    }

    fn listen(&self, number: u16) {
        self.listening.lock().unwrap().insert(port(number));
    }

    fn project(&self, name: &str, files: &[(&str, &str)]) -> ProjectRoot {
        let root = self.directory.join(name);
        fs::create_dir_all(&root).unwrap();
        for (name, text) in files {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), text).unwrap();
        }
        ProjectRoot::exact(&root).unwrap()
    }

    fn init(&self, root: &ProjectRoot) -> Initialized {
        init(&self.context, root).unwrap()
    }

    fn allocate(&self, root: &ProjectRoot, name: &str, preferred: Option<u16>) -> Allocated {
        allocate(&self.context, root, &variable(name), None, preferred.map(port)).unwrap()
    }

    /// Who owns a port, as the registry's file says.
    fn owner(&self, number: u16) -> Option<String> {
        let registry = self.context.store.load().unwrap();
        let owner = registry.owner(port(number)).map(|owner| owner.to_string());
        owner.map(|owner| owner.replace(self.directory.to_str().unwrap(), "~"))
    }
}

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn ten_past_noon() -> Timestamp {
    "2026-11-23T12:10:00Z".parse().unwrap()
}

fn port(number: u16) -> Port {
    Port::new(number).unwrap()
}

fn variable(name: &str) -> Variable {
    name.parse().unwrap()
}

fn read(root: &ProjectRoot, name: &str) -> String {
    fs::read_to_string(root.as_path().join(name)).unwrap()
}

/// The lines of `.ports.env` that are not comments.
fn lines(root: &ProjectRoot) -> Vec<String> {
    read(root, ".ports.env").lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// `WEB_PORT=8000 new` for each variable.
fn ports(initialized: &Initialized) -> Vec<String> {
    let described = |it: &ProjectPort| {
        let is_new = if it.is_new { " new" } else { "" };
        let refused = it.refused.as_ref().map(|it| format!(", {} refused: {}", it.port, it.reason));
        format!("{}={}{is_new}{}", it.variable, it.port, refused.unwrap_or_default())
    };
    initialized.ports.iter().map(described).collect()
}
