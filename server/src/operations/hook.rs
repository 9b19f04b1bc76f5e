//! What a shell has to set and remove when its current directory is another, so that it has the ports of that directory's
//! project and of no other.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::environment::{Environment, Precedence, environment};
use crate::error::{AssignmentError, Error, Result};
use crate::registry::Store;
use crate::variable::Variable;

/// Where a shell keeps what was loaded into it. Only port-manager reads it.
pub const STATE: &str = "PORT_MANAGER_HOOK";

/// What was loaded into a shell, as [`STATE`] has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Loaded {
    /// The variables, with what they were set to.
    #[serde(default)]
    set: BTreeMap<Variable, String>,
    /// What those that the shell had before had for values.
    #[serde(default)]
    before: BTreeMap<Variable, String>,
    /// The complaint that was made; the same one is not made at every prompt.
    #[serde(default)]
    complaint: Option<String>,
}

/// What a shell has to do.
#[derive(Debug, Default)]
pub struct HookUpdate {
    /// The variables to remove.
    pub removed: Vec<Variable>,
    /// The variables to set.
    pub set: BTreeMap<Variable, String>,
    /// The new value of [`STATE`]: `None` where it is to be removed. The outer `None` says that nothing changes.
    pub state: Option<Option<String>>,
    /// Why the project's ports are not loaded, where that was not said before.
    pub complaint: Option<Error>,
    /// What the user is told: the names that are set now, and those that are removed.
    pub loaded: Vec<Variable>,
    /// The variables that no longer apply.
    pub unloaded: Vec<Variable>,
}

/// Compares what a shell has with what its directory's project gives it. Only ports are loaded, and the name for Docker
/// Compose's project, which port-manager chooses: a directory of a clone takes effect without being asked about, so nothing
/// that its files say as text may get into a shell.
#[must_use]
pub fn hook_update(
    store: Result<Store>,
    directory: &Path,
    surrounding: impl Fn(&str) -> Option<String>,
) -> HookUpdate {
    let former: Loaded =
        surrounding(STATE).and_then(|state| serde_json::from_str(&state).ok()).unwrap_or_default();
    // What the shell would have without us: the project's name of Compose is not replaced where a person set it.
    let own = |name: &str| former.set.iter().any(|(known, _)| known.as_str() == name);
    let without_us = |name: &str| surrounding(name).filter(|_| !own(name)).map(Into::into);
    let (wanted, complaint) = match environment(store, directory, Precedence::PortsEnv, without_us) {
        Ok(given) => (ports(&given), None),
        Err(Error::Assignment(AssignmentError::NoPortsEnv { .. })) => (BTreeMap::new(), None),
        Err(error) => (BTreeMap::new(), Some(error)),
    };
    let text = complaint.as_ref().map(ToString::to_string);
    update(former, wanted, text, complaint, surrounding)
}

/// What is loaded into a shell.
fn ports(given: &Environment) -> BTreeMap<Variable, String> {
    let values = given.ports.iter().chain(given.compose_project.iter().map(|(name, value)| (name, value)));
    values.filter_map(|(name, value)| Some((name.clone(), value.to_str()?.to_owned()))).collect()
}

fn update(
    former: Loaded,
    wanted: BTreeMap<Variable, String>,
    text: Option<String>,
    complaint: Option<Error>,
    surrounding: impl Fn(&str) -> Option<String>,
) -> HookUpdate {
    let current = |variable: &Variable| surrounding(variable.as_str());
    let mut update = HookUpdate::default();
    let mut before = BTreeMap::new();
    for (variable, was) in &former.set {
        // What somebody has changed since is no longer ours.
        if wanted.contains_key(variable) || current(variable).as_ref() != Some(was) {
            continue;
        }
        match former.before.get(variable) {
            Some(value) => drop(update.set.insert(variable.clone(), value.clone())),
            None => update.removed.push(variable.clone()),
        }
        update.unloaded.push(variable.clone());
    }
    for (variable, value) in &wanted {
        let was_ours = former.set.get(variable);
        let earlier = match was_ours {
            Some(_) => former.before.get(variable).cloned(),
            None => current(variable).filter(|current| current != value),
        };
        before.extend(earlier.map(|earlier| (variable.clone(), earlier)));
        // A value that was loaded, and that somebody has changed since, stays until the project's changes.
        if was_ours != Some(value) && current(variable).as_ref() != Some(value) {
            update.set.insert(variable.clone(), value.clone());
            update.loaded.push(variable.clone());
        }
    }
    let loaded = Loaded { set: wanted, before, complaint: text };
    if loaded != former {
        update.complaint = complaint.filter(|_| loaded.complaint != former.complaint);
        let is_empty = loaded == Loaded::default();
        // A map of text is always JSON.
        update.state = Some((!is_empty).then(|| serde_json::to_string(&loaded).unwrap_or_default()));
    }
    update
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::RegistryError;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<Variable, String> {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), (*value).to_owned())).collect()
    }

    /// A shell that does what it is told.
    struct Shell(BTreeMap<String, String>);

    impl Shell {
        fn enter(&mut self, wanted: &[(&str, &str)]) {
            let get = |name: &str| self.0.get(name).cloned();
            let former = get(STATE).and_then(|state| serde_json::from_str(&state).ok()).unwrap_or_default();
            let update = update(former, map(wanted), None, None, get);
            for name in update.removed {
                self.0.remove(name.as_str());
            }
            self.0.extend(update.set.into_iter().map(|(name, value)| (name.to_string(), value)));
            match update.state {
                Some(Some(state)) => drop(self.0.insert(STATE.to_owned(), state)),
                Some(None) => drop(self.0.remove(STATE)),
                None => {}
            }
        }
    }

    fn shell(variables: &[(&str, &str)]) -> Shell {
        Shell(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_shell_is_left_as_it_was_entered() {
        let variables = [("HOME", "/home/dev"), ("WEB_PORT", "9000")];
        let mut shell = shell(&variables);
        shell.enter(&[("WEB_PORT", "8000"), ("API_PORT", "8100")]);
        assert_eq!((shell.0["WEB_PORT"].as_str(), shell.0["API_PORT"].as_str()), ("8000", "8100"));
        shell.enter(&[("WEB_PORT", "8001")]);
        assert_eq!((shell.0["WEB_PORT"].as_str(), shell.0.get("API_PORT")), ("8001", None));
        shell.enter(&[]);
        assert_eq!(shell.0, super::tests::shell(&variables).0);
    }

    #[test]
    fn what_somebody_sets_in_the_project_stays() {
        let mut shell = shell(&[]);
        shell.enter(&[("WEB_PORT", "8000")]);
        shell.0.insert("WEB_PORT".to_owned(), "9999".to_owned());
        shell.enter(&[("WEB_PORT", "8000")]);
        assert_eq!(shell.0["WEB_PORT"], "9999");
        shell.enter(&[]);
        assert_eq!(shell.0["WEB_PORT"], "9999");
    }

    #[test]
    fn a_state_that_is_not_ours_is_ignored() {
        let surrounding = |name: &str| (name == STATE).then(|| "{\"set\":{\"PATH x\":\"\"}}".to_owned());
        let directory = tempfile::tempdir().unwrap();
        let update = hook_update(Err(Error::Registry(RegistryError::NoHome)), directory.path(), surrounding);
        assert!(update.set.is_empty() && update.removed.is_empty());
    }
}
