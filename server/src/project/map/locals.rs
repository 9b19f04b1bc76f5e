//! Variables of a shell script that it gives a value itself: reading one asks no environment.

use std::collections::BTreeSet;

use crate::analysis::{Language, Meaning, Occurrence};
use crate::pattern::{Pattern, regex};

/// `PORT=8081`, `local port=$1`, `for port in 1 2`; the rest of the word is what it is given.
static ASSIGNMENT: Pattern = regex!(
    r"(?m)(?:^|[;&|({]|\b(?:then|do|else|local|readonly|declare|export))[ \t]*(?:for[ \t]+(?P<each>\w+)[ \t]+in\b|(?P<name>[A-Za-z_]\w*)=(?P<value>[^\s;]*)[ \t]*(?:$|[;&|)#\r]))"
);

/// The variables that a script gives a value, whatever the environment says.
#[derive(Debug, Default)]
pub(super) struct Locals<'t>(BTreeSet<&'t str>);

impl<'t> Locals<'t> {
    /// Those of a text; none of what is not a shell script.
    pub(super) fn of(text: &'t str, language: Language) -> Self {
        if language != Language::Shell {
            return Self::default();
        }
        let (mut given, mut asked) = (BTreeSet::new(), BTreeSet::new());
        for captures in ASSIGNMENT.captures_iter(text) {
            if let Some(each) = captures.name("each") {
                given.insert(each.as_str());
            }
            if let (Some(name), Some(value)) = (captures.name("name"), captures.name("value")) {
                // `PORT=${PORT:-8080}` keeps what the environment says; `${PORT:-}` only allows that it says nothing.
                let is_empty = value.as_str().contains(&format!("${{{}:-}}", name.as_str()));
                if is_empty {
                    continue;
                }
                let keeps = value.as_str().contains(&format!("${{{}", name.as_str()))
                    || value.as_str().contains(&format!("${}", name.as_str()));
                if keeps { &mut asked } else { &mut given }.insert(name.as_str());
            }
        }
        Self(&given - &asked)
    }

    /// Whether an occurrence reads one of them.
    pub(super) fn is_read_at(&self, occurrence: &Occurrence) -> bool {
        match &occurrence.meaning {
            Meaning::Reference { variable, .. } => self.0.contains(variable.as_str()),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_the_script_itself_gives_a_value_is_local() {
        let given = |text| Locals::of(text, Language::Shell).0.into_iter().collect::<Vec<_>>();
        assert_eq!(given("case $1 in\n  a)\n    PORT=8081\n    ;;\nesac\ncurl localhost:$PORT\n"), ["PORT"]);
        assert_eq!(given("export PORT=\"${PORT:-}\"\nPORT=8081\n"), ["PORT"]);
        assert_eq!(given("for port in 1 2; do echo $port; done\n"), ["port"]);
        assert_eq!(given("local port=$1\n"), ["port"]);
        for text in ["PORT=${PORT:-8080}\n", "PORT=8080 node server.js\n", "echo $PORT\n"] {
            assert_eq!(given(text), [""; 0], "{text}");
        }
        assert_eq!(Locals::of("PORT=1\n", Language::Env).0.len(), 0);
    }
}
