//! `port-manager explain RULE`

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::exit::Exit;
use super::styled::Styled;
use super::terminal::Terminal;
use crate::error::Result;
use crate::rules::Rule;

/// Say what a rule is about, why, and what to do.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The rule.
    #[arg(value_parser = rule())]
    rule: Rule,
}

/// A rule by its name.
pub(super) fn rule() -> impl TypedValueParser<Value = Rule> {
    let names = Rule::ALL.map(|rule| PossibleValue::new(rule.name()).help(rule.summary()));
    PossibleValuesParser::new(names)
        .try_map(|name| Rule::of_name(&name).ok_or_else(|| format!("there is no rule '{name}'")))
}

pub(super) fn run(arguments: Arguments, terminal: &mut Terminal) -> Result<Exit> {
    terminal.print_line(Styled::lines(arguments.rule.page().trim_end()))?;
    Ok(Exit::Fine)
}
