//! What a candidate is found to be.

use crate::analysis::decided_by::DecidedBy;
use crate::analysis::occurrence::Kind;
use crate::variable::Variable;

/// What the ancestors say.
pub(in crate::analysis) enum Verdict {
    /// It decides a port.
    Decides { kind: Kind, hint: Option<String>, by: DecidedBy },
    /// It is the default of a lookup.
    Fallback { variable: Option<Variable>, by: DecidedBy },
}

impl Verdict {
    /// It is the default of a lookup of the variable.
    pub(in crate::analysis) fn fallback(variable: Option<Variable>, by: impl Into<DecidedBy>) -> Self {
        Self::Fallback { variable, by: by.into() }
    }

    /// It decides a port.
    pub(in crate::analysis) fn of(kind: Kind, by: impl Into<DecidedBy>) -> Self {
        Self::Decides { kind, hint: None, by: by.into() }
    }

    /// It decides a port for the name that it is given.
    pub(super) fn named(kind: Kind, name: &str, by: impl Into<DecidedBy>) -> Self {
        Self::Decides { kind, hint: Some(name.to_owned()), by: by.into() }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::shapes;

    #[test]
    fn a_number_keeps_the_name_that_it_is_given() {
        assert_eq!(shapes("a.js", "const webPort = 8080"), ["number webPort"]);
        assert_eq!(shapes("a.js", "app.listen(8080)"), ["number"]);
    }
}
