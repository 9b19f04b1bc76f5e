//! The colours, in one place.

use std::fmt;

use anstyle::{AnsiColor, Effects};
use clap::builder::Styles;

use super::styled::Styled;

/// How a text stands out. It has no `Display`: only [`Styled`] may write an escape sequence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style(anstyle::Style);

impl Style {
    const fn new(style: anstyle::Style) -> Self {
        Self(style)
    }

    /// A text in this style.
    pub(super) fn of(self, text: impl fmt::Display) -> Styled {
        Styled::in_style(self.0, text)
    }
}

/// What went wrong.
pub(super) const ERROR: Style = Style::new(AnsiColor::BrightRed.on_default().effects(Effects::BOLD));
/// What should be looked at.
pub(super) const WARNING: Style = Style::new(AnsiColor::BrightYellow.on_default().effects(Effects::BOLD));
/// What to do about it.
pub(super) const HELP_WORD: Style = Style::new(AnsiColor::BrightCyan.on_default().effects(Effects::BOLD));
/// What went well.
pub(super) const GOOD: Style = Style::new(AnsiColor::Green.on_default());
/// What matters most in its line.
pub(super) const STRONG: Style = Style::new(anstyle::Style::new().effects(Effects::BOLD));
/// What leads to a place in a file, as in the excerpts beside it.
pub(super) const PLACE: Style = Style::new(annotate_snippets::renderer::DEFAULT_LINE_NUM_STYLE);
/// What matters least.
pub(super) const FAINT: Style = Style::new(anstyle::Style::new().effects(Effects::DIMMED));

/// The help of the commands, as cargo's looks.
pub(super) const HELP: Styles = Styles::styled()
    .header(AnsiColor::BrightGreen.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::BrightGreen.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::BrightCyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default())
    .error(ERROR.0)
    .valid(HELP_WORD.0)
    .invalid(WARNING.0);
