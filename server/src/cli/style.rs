//! The colours, in one place.

use anstyle::{AnsiColor, Effects, Style};
use clap::builder::Styles;

/// What went wrong.
pub(super) const ERROR: Style = AnsiColor::BrightRed.on_default().effects(Effects::BOLD);
/// What should be looked at.
pub(super) const WARNING: Style = AnsiColor::BrightYellow.on_default().effects(Effects::BOLD);
/// What to do about it.
pub(super) const HELP_WORD: Style = AnsiColor::BrightCyan.on_default().effects(Effects::BOLD);
/// What went well.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// What matters most in its line.
pub(super) const STRONG: Style = Style::new().effects(Effects::BOLD);
/// What matters least.
pub(super) const FAINT: Style = Style::new().effects(Effects::DIMMED);

/// The help of the commands, as cargo's looks.
pub(super) const HELP: Styles = Styles::styled()
    .header(AnsiColor::BrightGreen.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::BrightGreen.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::BrightCyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default())
    .error(ERROR)
    .valid(HELP_WORD)
    .invalid(WARNING);
