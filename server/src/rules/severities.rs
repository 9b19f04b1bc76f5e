//! How serious people want each rule's findings to be: in a project's `port-manager.toml`, and in
//! their editor.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Rule, Severity};
use crate::text::nearest;

/// The most serious that each rule's findings are to be. A rule that is not named has no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Severities(BTreeMap<Rule, Level>);

/// How serious a rule's findings may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Off,
    Hint,
    /// `information` is LSP's word for it, and was the only one at first.
    #[serde(rename = "note", alias = "information")]
    Information,
    Warning,
}

impl Severities {
    /// No rule says anything.
    #[must_use]
    pub fn silent() -> Self {
        Self(Rule::ALL.into_iter().map(|rule| (rule, Level::Off)).collect())
    }

    /// How serious a finding is then; `None` where nobody wants to hear it. What a place makes less
    /// serious than the limit stays so.
    pub(super) fn limit(&self, rule: Rule, severity: Severity) -> Option<Severity> {
        match self.0.get(&rule) {
            Some(Level::Off) => None,
            Some(Level::Hint) => Some(Severity::Hint),
            Some(Level::Information) => Some(severity.min(Severity::Information)),
            Some(Level::Warning) | None => Some(severity),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::of_name(&name).ok_or_else(|| {
            let rules = Self::ALL.map(Self::name);
            let meant = nearest(&name, rules).map(|meant| format!("did you mean '{meant}'? "));
            let (meant, rules) = (meant.unwrap_or_default(), rules.join(", "));
            serde::de::Error::custom(format!("there is no rule '{name}'; {meant}the rules are {rules}"))
        })
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Severities {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Severities".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let levels = ["off", "hint", "note", "warning", "information"];
        let rule = |rule: Rule| {
            let about = format!("{} Default: {}.", rule.summary(), rule.severity());
            (rule.name().to_owned(), serde_json::json!({"enum": levels, "description": about}))
        };
        let rules: serde_json::Map<_, _> = Rule::ALL.into_iter().map(rule).collect();
        schemars::json_schema!({"type": "object", "properties": rules, "additionalProperties": false})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(settings: serde_json::Value, severity: Severity) -> Option<Severity> {
        let severities: Severities = serde_json::from_value(settings).unwrap();
        severities.limit(Rule::HardcodedPort, severity)
    }

    #[test]
    fn a_level_is_a_ceiling_and_off_is_silence() {
        use Severity::{Hint, Information, Warning};
        let set = |level: &str| serde_json::json!({ "hardcoded-port": level });
        assert_eq!(limit(serde_json::json!({}), Warning), Some(Warning));
        assert_eq!(limit(set("note"), Warning), Some(Information));
        assert_eq!(limit(set("information"), Warning), Some(Information), "the older word");
        assert_eq!(limit(set("warning"), Information), Some(Information));
        assert_eq!(limit(set("hint"), Information), Some(Hint));
        assert_eq!(limit(set("off"), Warning), None);
        assert_eq!(limit(serde_json::json!({"missing-ports-env": "off"}), Warning), Some(Warning));
    }

    #[test]
    fn who_wants_silence_has_it_from_every_rule() {
        assert!(
            Rule::ALL.into_iter().all(|rule| Severities::silent().limit(rule, Severity::Warning).is_none())
        );
    }
}
