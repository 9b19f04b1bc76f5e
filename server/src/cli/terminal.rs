//! Where the output goes, and how much of it.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::style;
use super::styled::{Styled, styled};
use crate::error::{Error, Result};
use crate::port::Port;
use crate::text::printable_json;

pub(super) use crate::text::printable;

/// Options that every command takes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct TerminalOptions {
    /// Use colours: auto (on a terminal, unless NO_COLOR is set), always or never.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    color: ColorWhen,
    /// Print data and errors, and nothing else.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Print more: skipped files with the reason, and the source line of each finding.
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Debug, Default, Clone, Copy, ValueEnum)]
enum ColorWhen {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<ColorWhen> for ColorChoice {
    fn from(when: ColorWhen) -> Self {
        match when {
            ColorWhen::Auto => Self::Auto,
            ColorWhen::Always => Self::Always,
            ColorWhen::Never => Self::Never,
        }
    }
}

/// The two streams of a command. Data is buffered; what is said to people is not, and comes after
/// the data that was printed before it.
pub(super) struct Terminal {
    data: BufWriter<AutoStream<io::Stdout>>,
    people: AutoStream<io::Stderr>,
    has_colored_data: bool,
    quiet: bool,
    verbose: bool,
}

impl Terminal {
    pub(super) fn new(options: &TerminalOptions) -> Self {
        let choice = ColorChoice::from(options.color);
        let stdout = AutoStream::new(io::stdout(), choice);
        Self {
            has_colored_data: stdout.current_choice() != ColorChoice::Never,
            data: BufWriter::new(stdout),
            people: AutoStream::new(io::stderr(), choice),
            quiet: options.quiet,
            verbose: options.verbose,
        }
    }

    /// Prints data.
    pub(super) fn print(&mut self, text: impl Into<Styled>) -> Result<()> {
        write!(self.data, "{}", text.into().as_str()).map_err(|source| Error::Output { source })
    }

    /// Prints a line of data.
    pub(super) fn print_line(&mut self, text: impl Into<Styled>) -> Result<()> {
        self.print(text.into().end_of_line())
    }

    /// Prints text that a program reads, byte for byte. It has no hidden characters but line breaks.
    pub(super) fn print_code(&mut self, text: &str) -> Result<()> {
        self.data.write_all(text.as_bytes()).map_err(|source| Error::Output { source })
    }

    /// Prints a patch: byte for byte where a program reads it, and with everything hidden made visible on a terminal.
    pub(super) fn print_patch(&mut self, patch: &str) -> Result<()> {
        if io::stdout().is_terminal() {
            return self.print(Styled::lines(patch));
        }
        self.data.write_all(patch.as_bytes()).map_err(|source| Error::Output { source })
    }

    /// Prints data as indented JSON.
    pub(super) fn print_json(&mut self, value: &impl Serialize) -> Result<()> {
        self.write_json(serde_json::to_string_pretty(value))
    }

    /// Prints data as one line of JSON.
    pub(super) fn print_json_line(&mut self, value: &impl Serialize) -> Result<()> {
        self.write_json(serde_json::to_string(value))
    }

    /// Prints data byte for byte, as a program is to read it; on a terminal, with hidden characters made visible.
    pub(super) fn print_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        if io::stdout().is_terminal() {
            return self.print(Styled::lines(String::from_utf8_lossy(bytes)));
        }
        self.flush()?;
        let mut stdout = io::stdout();
        stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|source| Error::Output { source })
    }

    fn write_json(&mut self, json: serde_json::Result<String>) -> Result<()> {
        let written =
            json.map_err(io::Error::from).and_then(|json| writeln!(self.data, "{}", printable_json(&json)));
        written.map_err(|source| Error::Output { source })
    }

    /// Says something to people, unless they want it quiet.
    pub(super) fn say(&mut self, text: impl Into<Styled>) -> Result<()> {
        if self.quiet { Ok(()) } else { self.tell(text) }
    }

    /// Says something to people who want to know everything.
    pub(super) fn say_more(&mut self, text: impl Into<Styled>) -> Result<()> {
        if self.verbose { self.tell(text) } else { Ok(()) }
    }

    /// Says to people that something is not as they may think.
    pub(super) fn warn(&mut self, text: impl Into<Styled>) -> Result<()> {
        self.tell(styled![style::WARNING.of("warning"), ": ", text])
    }

    /// Says to people what to do next.
    pub(super) fn help(&mut self, text: impl Into<Styled>) -> Result<()> {
        self.say(styled![style::HELP_WORD.of("help"), ": ", text])
    }

    /// Says what went wrong, and what to do about it.
    pub(super) fn error(&mut self, error: &Error) {
        // The data may be what cannot be written. Where stderr is gone too, only the exit code is left.
        let _ = self.flush();
        self.write_to_people(styled![style::ERROR.of("error"), ": ", error]);
        if let Some(help) = error.help() {
            self.write_to_people(styled![style::HELP_WORD.of("help"), ": ", help]);
        }
    }

    /// Says to people whose arguments are wrong what is wrong with them.
    pub(super) fn usage(&mut self, text: Styled) {
        let _ = write!(self.people, "{}", text.as_str());
    }

    fn tell(&mut self, text: impl Into<Styled>) -> Result<()> {
        self.flush()?;
        self.write_to_people(text.into());
        Ok(())
    }

    fn write_to_people(&mut self, text: Styled) {
        // Nobody reads stderr: no reason to fail.
        let _ = writeln!(self.people, "{}", text.as_str());
    }

    /// Sends what has been printed on its way.
    pub(super) fn flush(&mut self) -> Result<()> {
        self.data.flush().map_err(|source| Error::Output { source })
    }

    /// Asks a question that is answered by yes or no; `None` where there is nobody to answer.
    pub(super) fn confirm(&mut self, question: impl Into<Styled>) -> Result<Option<bool>> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(None);
        }
        self.flush()?;
        drop_typed_ahead();
        let _ = write!(self.people, "{} [y/N] ", question.into().as_str());
        let _ = self.people.flush();
        let mut answer = String::new();
        // An answer that cannot be read does not count.
        let _ = io::stdin().read_line(&mut answer);
        Ok(Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")))
    }

    /// Whether a change that was shown is to be made: asks, and says so where it is not. `unanswered` is the error where there is nobody
    /// to answer.
    pub(super) fn agrees(&mut self, question: impl Into<Styled>, unanswered: Error) -> Result<bool> {
        let agrees = self.confirm(question)?.ok_or(unanswered)?;
        if !agrees {
            self.say("Nothing was changed.")?;
        }
        Ok(agrees)
    }

    /// Whether people look on, and want more than data.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Clears the screen that shows the data, where one does.
    pub(super) fn clear_screen(&mut self) -> Result<()> {
        self.flush()?;
        if !io::stdout().is_terminal() {
            return Ok(());
        }
        // ECMA-48: the cursor to the top, and everything erased.
        write!(io::stdout(), "\x1b[H\x1b[2J").map_err(|source| Error::Output { source })
    }

    /// Whether people want data and errors only.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether people want to know everything.
    pub(super) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether data may be coloured.
    pub(super) fn has_colored_data(&self) -> bool {
        self.has_colored_data
    }

    /// The width of the terminal that shows the data, in columns; `None` where it goes elsewhere.
    pub(super) fn width(&self) -> Option<u16> {
        terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)
    }

    /// The height of that terminal, in lines.
    pub(super) fn height(&self) -> Option<u16> {
        terminal_size::terminal_size_of(io::stdout()).map(|(_, height)| height.0)
    }
}

/// Throws away what was typed before a question was asked: it is no answer to it.
fn drop_typed_ahead() {
    #[cfg(unix)]
    {
        use rustix::termios::{QueueSelector, tcflush};
        // Where the terminal refuses, the question is asked all the same.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

/// `8080`, `8080 and 5432`, `8080, 5432 and 6379`
pub(super) fn enumerated(ports: &[Port]) -> String {
    match ports {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}

/// `1 file`, `2 files`
pub(super) fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
