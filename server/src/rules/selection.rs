//! Which rules somebody asks for.

use super::{Rule, Scene};

/// The rules that somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these; all of them where there are none. On a build machine, those about its state are then left out.
    pub only: Vec<Rule>,
    /// None of these.
    pub except: Vec<Rule>,
}

impl Selection {
    /// Only these rules.
    #[must_use]
    pub fn only(rules: &[Rule]) -> Self {
        Self { only: rules.to_owned(), except: Vec::new() }
    }

    /// Whether the rule is asked for.
    #[must_use]
    pub fn includes(&self, rule: Rule, scene: Scene) -> bool {
        let is_named = match &*self.only {
            [] => scene == Scene::Workstation || !rule.is_about_this_machine(),
            named => named.contains(&rule),
        };
        is_named && !self.except.contains(&rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_asked_unless_it_is_left_out() {
        let asks = |only: &[Rule], except: &[Rule], rule, scene| {
            Selection { only: only.to_owned(), except: except.to_owned() }.includes(rule, scene)
        };
        let (code, machine) = (Rule::HardcodedPort, Rule::PortConflict);
        assert!(asks(&[], &[], machine, Scene::Workstation));
        assert!(!asks(&[], &[], machine, Scene::Build) && asks(&[], &[], code, Scene::Build));
        assert!(asks(&[machine], &[], machine, Scene::Build) && !asks(&[machine], &[], code, Scene::Build));
        assert!(!asks(&[], &[code], code, Scene::Workstation));
        assert!(!asks(&[code], &[code], code, Scene::Workstation));
    }
}
