//! An application, and what is proven of it.

use crate::browser;
use crate::http::{self, Answer};
use crate::numbers::Numbers;
use crate::packages::Packages;
use crate::processes::Processes;
use crate::tools::{self, Tool};
use crate::worktrees::{Worktree, Worktrees};

/// An application of `apps/`, as its README describes it.
pub struct App {
    /// Its directory: one of `apps/`, or `examples/NAME`.
    pub name: &'static str,
    /// The commands that it needs. What its lockfiles name is installed by itself.
    pub needs: &'static [Tool],
    /// What its README says to type, each in a terminal of its own: words that are separated by spaces, which no shell
    /// reads. `cd web && npm start` is started in `web`.
    pub start: &'static [&'static str],
    /// All of its ports. One that answers only once another does comes after it.
    pub ports: &'static [Port],
    /// The warnings that are left for hands after `check --fix`.
    pub remaining: &'static [Remaining],
}

/// A port, and what is answered there.
pub struct Port {
    /// The variable that it has to get.
    pub variable: &'static str,
    /// The number in the sources.
    pub number: u16,
    /// Paths, and what their answers contain. `{worktree}` stands for the name of the worktree that answers; the name of another
    /// one is in no answer. Of a command that prints the ports there is no path, and `{port}` stands for the number.
    /// Behind `browser:` a path is opened in a browser, and the answer is what the page's `main` shows.
    pub answers: &'static [(&'static str, &'static str)],
}

/// A warning that is left for hands.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remaining {
    /// The file.
    pub path: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// Why no fix can be made.
    pub because: &'static str,
}

/// What starts a command with the ports of its project.
pub const RUN: [&str; 2] = [env!("CARGO_BIN_EXE_port-manager"), "run"];

impl App {
    /// Starts its servers before and after their fixes, in two worktrees and in one.
    pub fn prove(&self) {
        self.prove_by(Self::answers_without_port_manager, Self::ask_both);
    }

    /// The same for a command that prints the ports, and ends.
    pub fn prove_what_it_prints(&self) {
        self.prove_by(Self::printed_without_port_manager, Self::print_both);
    }

    /// `alone` is what it does without port-manager, which has to stay the same; `together` has to be right in both worktrees.
    fn prove_by<T: PartialEq + std::fmt::Debug>(
        &self,
        alone: impl Fn(&Self, &Worktrees, &Numbers) -> T,
        together: impl Fn(&Self, &Worktrees, &Numbers),
    ) {
        if !tools::are_here(self.name, self.needs) {
            return;
        }
        let packages = Packages::of(self.name, self.needs);
        let numbers = Numbers::take(self.ports.iter().map(|port| port.number));
        let worktrees = Worktrees::of(self.name, &numbers, &packages);
        let Worktrees { main, feature, .. } = &worktrees;
        self.assert_in_readme(main, &numbers);

        let before = alone(self, &worktrees, &numbers);

        for worktree in [main, feature] {
            worktrees.run(worktree, &["init"]);
            worktrees.fix(worktree);
            worktree.assert_example(&self.default_numbers(&numbers));
            worktrees.assert_warnings(worktree, self.remaining);
            worktrees.assert_fixed(worktree);
        }
        assert_eq!(
            worktrees.files(main),
            worktrees.files(feature),
            "a fix depends on this machine's numbers"
        );

        let [first, second] = [main, feature].map(Worktree::assigned);
        let shared: Vec<_> =
            first.values().filter(|number| second.values().any(|other| other == *number)).collect();
        assert!(shared.is_empty(), "{}: both worktrees were given {shared:?}", self.name);
        together(self, &worktrees, &numbers);

        let after = alone(self, &worktrees, &numbers);
        assert_eq!(before, after, "{}: without the variables it does something else", self.name);
    }

    /// Its ports, by variable, as they are numbered here.
    fn default_numbers(&self, numbers: &Numbers) -> Vec<(String, u16)> {
        self.ports.iter().map(|port| (port.variable.to_owned(), numbers.of(port.number))).collect()
    }

    fn assert_in_readme(&self, worktree: &Worktree, numbers: &Numbers) {
        let readme = worktree.read("README.md");
        for command in self.start {
            let command = numbers.written(command);
            assert!(readme.contains(&command), "{}: its README does not say `{command}`", self.name);
        }
    }

    /// Starts one worktree as somebody does who has no port-manager, and asks all of its ports.
    fn answers_without_port_manager(&self, worktrees: &Worktrees, numbers: &Numbers) -> Vec<Answer> {
        let worktree = &worktrees.feature;
        let mut processes = Processes::new(&worktrees.directory());
        for command in self.start {
            processes.start(&[], &numbers.written(command), &worktree.root, worktrees.environment());
        }
        let answers = self.ask(worktree, &|port| numbers.of(port.number), &mut processes);
        processes.end();
        answers
    }

    /// Starts both worktrees at once by `port-manager run`. Each has to answer on its own ports.
    fn ask_both(&self, worktrees: &Worktrees, _: &Numbers) {
        let both = [&worktrees.main, &worktrees.feature];
        let mut processes = Processes::new(&worktrees.directory());
        for command in self.start {
            for worktree in both {
                processes.start(&RUN, command, &worktree.root, worktrees.environment());
            }
        }
        for worktree in both {
            let assigned = worktree.assigned();
            self.ask(worktree, &|port| assigned[port.variable], &mut processes);
        }
        processes.end();
    }

    fn printed_without_port_manager(&self, worktrees: &Worktrees, numbers: &Numbers) -> String {
        let printed = |command: &&str| worktrees.printed(&worktrees.feature, &[], &numbers.written(command));
        let printed = self.start.iter().map(printed).collect();
        self.assert_printed(&printed, numbers, &|port| numbers.of(port.number));
        printed
    }

    fn print_both(&self, worktrees: &Worktrees, numbers: &Numbers) {
        for worktree in [&worktrees.main, &worktrees.feature] {
            let printed = |command: &&str| worktrees.printed(worktree, &RUN, command);
            let assigned = worktree.assigned();
            self.assert_printed(&self.start.iter().map(printed).collect(), numbers, &|port| {
                assigned[port.variable]
            });
        }
    }

    fn assert_printed(&self, printed: &String, numbers: &Numbers, number: &dyn Fn(&Port) -> u16) {
        for port in self.ports {
            for (_, expected) in port.answers {
                let expected = numbers.written(expected).replace("{port}", &number(port).to_string());
                assert!(
                    printed.contains(&expected),
                    "{}: {expected} is not printed in\n{printed}",
                    self.name
                );
            }
        }
    }

    /// Asks each port for each of its paths, until the answers are right.
    fn ask(
        &self,
        worktree: &Worktree,
        number: &dyn Fn(&Port) -> u16,
        processes: &mut Processes,
    ) -> Vec<Answer> {
        let mut answers = Vec::new();
        for port in self.ports {
            for (path, expected) in port.answers {
                let expected = expected.replace("{worktree}", worktree.name);
                let is_right = |answer: &Answer| answer.status == 200 && answer.body.contains(&expected);
                let is_foreign = |answer: &Answer| answer.body.contains(worktree.other_name());
                let number = number(port);
                let what =
                    format!("{}, worktree {}: http://localhost:{number}{path}", self.name, worktree.name);
                let answer = processes.wait_for(&what, &expected, || {
                    let answer = match path.strip_prefix("browser:") {
                        Some(path) => browser::open(number, path),
                        None => http::get(number, path),
                    }?;
                    assert!(!is_foreign(&answer), "{what} reached the other worktree: {answer:?}");
                    if is_right(&answer) { Ok(answer) } else { Err(format!("{answer:?}")) }
                });
                answers.push(answer);
            }
        }
        answers
    }
}
