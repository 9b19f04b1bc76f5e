//! `.ports.env.example`: the variables that a project needs, committed for the whole team. Its
//! values are the numbers that a machine takes where they are free.

use std::path::Path;

use super::PortsEnv;
use crate::error::Result;
use crate::files::{self, Pending};
use crate::port::Port;
use crate::variable::Variable;

/// The file's name.
pub const FILE_NAME: &str = ".ports.env.example";

pub(super) const HEADER: &str = "\
# The port variables of this project, for the whole team: commit this file.
# `port-manager init` gives each a port on your machine, the one named here where it is free.
";

/// The variables that a `.ports.env.example` lists, in its order, each with its number where it has one.
pub type Listed = Vec<(Variable, Option<Port>)>;

/// A parsed `.ports.env.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example(PortsEnv);

impl Example {
    /// The `.ports.env.example` of the project; a new one where it has none.
    ///
    /// # Errors
    /// When the file cannot be read, has more than [`super::MOST_LINES`] lines, or is a symbolic link
    /// that leads out of the project.
    pub fn load(root: impl AsRef<Path>) -> Result<Self> {
        let text = files::read_within(root.as_ref(), FILE_NAME)?;
        let example = Self(PortsEnv::parse(text.as_deref().unwrap_or(HEADER)));
        example.ensure_bounded(root)?;
        Ok(example)
    }

    /// Checks that the file can be read again once it is written to the project.
    pub(crate) fn ensure_bounded(&self, root: impl AsRef<Path>) -> Result<()> {
        self.0.ensure_bounded(root, FILE_NAME)
    }

    /// The file of the project; `None` where it has none.
    ///
    /// # Errors
    /// When the file cannot be read, or is a symbolic link that leads out of the project.
    pub fn in_project(root: impl AsRef<Path>) -> Result<Option<Self>> {
        let text = files::read_within(root.as_ref(), FILE_NAME)?;
        Ok(text.map(|text| Self(PortsEnv::parse(&text))))
    }

    /// The variables that it lists, with their numbers.
    #[must_use]
    pub fn listed(&self) -> Listed {
        self.variables().map(|(variable, port)| (variable.clone(), port)).collect()
    }

    /// The file, which has the format of `.ports.env`.
    #[must_use]
    pub fn file(&self) -> &PortsEnv {
        &self.0
    }

    /// Every variable that it lists, in its order, with its number where it has one.
    pub fn variables(&self) -> impl Iterator<Item = (&Variable, Option<Port>)> {
        self.0.variables().map(|variable| (variable, self.0.get(variable)))
    }

    /// The number that it gives a variable.
    #[must_use]
    pub fn get(&self, variable: &Variable) -> Option<Port> {
        self.0.get(variable)
    }

    /// Lists a variable with its number, if it is not listed. A number that the team has chosen
    /// stays.
    pub fn add(&mut self, variable: &Variable, port: Port) {
        self.add_all([(variable, port)]);
    }

    /// Lists each variable that is not listed, as [`Self::add`] does, with one pass over the text.
    pub fn add_all<'v>(&mut self, ports: impl IntoIterator<Item = (&'v Variable, Port)>) {
        let new: Vec<_> = ports.into_iter().filter(|(variable, _)| !self.0.lists(variable)).collect();
        self.0.set_all(new);
    }

    /// Gives each variable that number where it is not listed, or listed without one. A number that the team has
    /// chosen stays, and so does a value that is not a port.
    pub fn fill_all<'v>(&mut self, ports: impl IntoIterator<Item = (&'v Variable, Port)>) {
        let is_open = |variable: &Variable| {
            self.0.last.get(variable).is_none_or(|last| self.0.lines[last.line].gap.is_some())
        };
        let new: Vec<_> = ports.into_iter().filter(|(variable, _)| is_open(variable)).collect();
        self.0.set_all(new);
    }

    /// Removes every line of a variable.
    pub fn remove(&mut self, variable: &Variable) {
        self.0.remove(variable);
    }

    /// What writing it would change.
    ///
    /// # Errors
    /// When the file is a symbolic link that leads out of the project.
    pub(crate) fn pending(&self, root: impl AsRef<Path>) -> Result<Option<Pending>> {
        files::pending_within(root.as_ref(), FILE_NAME, self.0.text.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_teams_numbers_stay_and_new_variables_come_at_the_end() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE_NAME);
        fs::write(&path, "# ours\nWEB_PORT=3000\nAPI_PORT=\n").unwrap();
        let mut example = Example::load(directory.path()).unwrap();
        for (name, number) in [("WEB_PORT", 8000), ("API_PORT", 8100), ("DB_PORT", 5400)] {
            example.add(&name.parse().unwrap(), Port::new(number).unwrap());
        }
        files::write_pending(example.pending(directory.path()).unwrap()).unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "# ours\nWEB_PORT=3000\nAPI_PORT=\nDB_PORT=5400\n");
    }

    #[test]
    fn a_line_without_a_number_gains_the_default() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE_NAME);
        fs::write(&path, "WEB_PORT=3000\nAPI_PORT= # the API\nMAIL_PORT=<yours>\n").unwrap();
        let mut example = Example::load(directory.path()).unwrap();
        let numbers = [("WEB_PORT", 8080), ("API_PORT", 5000), ("MAIL_PORT", 8025), ("DB_PORT", 5432)];
        let numbers = numbers.map(|(name, number)| (name.parse().unwrap(), Port::new(number).unwrap()));
        example.fill_all(numbers.iter().map(|(variable, port): &(Variable, Port)| (variable, *port)));
        assert_eq!(
            example.0.text,
            "WEB_PORT=3000\nAPI_PORT=5000 # the API\nMAIL_PORT=<yours>\nDB_PORT=5432\n"
        );
    }
}
