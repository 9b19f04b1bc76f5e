//! Which calls and arguments name an option that is a port, or give it its default.

use super::{last_name, quoted};
use crate::analysis::packs::{Names, Packs};

/// Whether an argument, as written, is a constant that is named like a port: `Properties.HTTP_PORT`.
pub(in crate::analysis::code) fn is_port_constant(argument: &str, names: &Names) -> bool {
    let name = last_name(argument);
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && names.is_port(name)
}

/// Whether one of the arguments, as written, names an option or setting that is a port:
/// `"--port"`, `'port'`, `&port`; `"p"` does not.
pub(in crate::analysis::code) fn names_port_option(arguments: &[&str], names: &Names) -> bool {
    arguments.iter().any(|argument| {
        quoted(argument).or_else(|| symbol(argument)).is_some_and(|name| {
            let name = name.split([' ', '=', ',']).find(|part| part.len() > 2).unwrap_or(name);
            name.len() < 40 && names.is_port(name) && !name.contains('/')
        }) && argument.split_whitespace().count() <= 4
            || argument.strip_prefix('&').is_some_and(|name| names.is_port(name))
    })
}

/// Whether an argument, as written, is a flag whose value comes next and is a port, `"--port"`, or a program that listens
/// on its first word, `"http.server"`.
pub(in crate::analysis::code) fn is_port_flag(argument: &str, packs: &Packs) -> bool {
    quoted(argument).is_some_and(|text| {
        packs.programs.listens_on_first(text)
            || text.starts_with("--") && !text.contains(['=', ' ']) && packs.names.is_port(text)
    })
}

/// Whether a call, as written, which adds a word to a command line adds the value of a flag:
/// `Command::new("x").arg("--port").arg`.
pub(in crate::analysis::code) fn follows_port_flag(callee: &str, packs: &Packs) -> bool {
    callee
        .strip_suffix(last_name(callee))
        .and_then(|before| before.strip_suffix('.'))
        .and_then(|before| before.trim_end().strip_suffix(')')?.rsplit_once('('))
        .is_some_and(|(_, argument)| is_port_flag(argument, packs))
}

/// Whether a call, as written, gives the default of an option that was named before in the same chain:
/// `option("--port").int().default`.
pub(in crate::analysis::code) fn defaults_port_option(callee: &str, names: &Names) -> bool {
    let last = last_name(callee);
    names.is_default_name(last.strip_suffix("_t").unwrap_or(last))
        && callee.split(['(', ')', ',']).any(|part| names_port_option(&[part.trim()], names))
}

/// Whether a call returns another value if something that is named like a port has none:
/// `config.port.unwrap_or`.
pub(in crate::analysis::code) fn defaults_port(callee: &str, names: &Names) -> bool {
    let last = last_name(callee);
    let receiver = callee.strip_suffix(last).unwrap_or_default().trim_end_matches(['.', '?']);
    names.gives_default(last)
        && receiver
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'?'))
        && names.is_port(last_name(receiver))
}

/// `:port`, as a name in Ruby and Elixir.
fn symbol(argument: &str) -> Option<&str> {
    let name = argument.trim().strip_prefix(':')?;
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> &'static Names {
        Names::built_in()
    }

    #[test]
    fn an_argument_names_an_option_that_is_a_port() {
        for argument in ["\"--port\"", "'port'", "\"--port PORT\"", ":port", "&port"] {
            assert!(names_port_option(&[argument], names()), "{argument}");
        }
        for argument in ["\"p\"", "\"--limit\"", "port", "\"/usr/port\"", "\"port of the server to start\""] {
            assert!(!names_port_option(&[argument], names()), "{argument}");
        }
    }

    #[test]
    fn a_constant_is_spelled_in_capitals() {
        assert!(is_port_constant("Properties.HTTP_PORT", names()));
        assert!(
            !is_port_constant("Properties.httpPort", names()) && !is_port_constant("HTTP_LIMIT", names())
        );
    }

    #[test]
    fn a_flag_takes_the_next_word_unless_it_has_its_value() {
        let is_flag = |argument| is_port_flag(argument, Packs::built_in());
        assert!(is_flag("\"--port\"") && is_flag("\"http.server\""));
        assert!(!is_flag("\"--port=80\"") && !is_flag("\"port\"") && !is_flag("\"--limit\""));
    }

    #[test]
    fn a_chain_gives_the_value_of_the_flag_before() {
        let follows = |callee| follows_port_flag(callee, Packs::built_in());
        assert!(follows("Command::new(\"x\").arg(\"--port\").arg"));
        assert!(!follows("Command::new(\"x\").arg(\"--limit\").arg"));
        assert!(!follows("arg"));
    }

    #[test]
    fn a_chain_gives_the_default_of_the_option_before() {
        assert!(defaults_port_option("option(\"--port\").int().default", names()));
        assert!(defaults_port_option("Arg::new(\"port\").default_value_t", names()));
        assert!(!defaults_port_option("option(\"--port\").int().limit", names()));
        assert!(!defaults_port_option("option(\"--limit\").int().default", names()));
    }

    #[test]
    fn a_value_where_there_is_none_is_the_receivers() {
        assert!(defaults_port("config.port.unwrap_or", names()));
        assert!(!defaults_port("config.limit.unwrap_or", names()));
        assert!(!defaults_port("config.port.map", names()));
        assert!(!defaults_port("read(a, b).port.unwrap_or", names()));
    }
}
