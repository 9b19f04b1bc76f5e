//! The tags of a structure's fields: `Port int` with `env:"PORT" default:"8080"` behind it (Go, `reflect.StructTag`).

use std::ops::Range;

use crate::analysis::address::{self, Address};
use crate::analysis::code::{Framework, Tag};
use crate::analysis::occurrence::{Kind, Literal, Meaning, Occurrence, Shape};
use crate::analysis::packs::Packs;
use crate::pattern::{Pattern, regex};
use crate::port::Port;
use crate::variable::Variable;

pub(in crate::analysis) const STRUCT_TAGS: Framework = Framework::Tag(literal);

/// `key:"value"`, one of a tag's.
static PAIR: Pattern = regex!(r#"([0-9A-Za-z_-]+):"((?:[^"\\]|\\.)*)""#);

/// What a value says of a default among other things: `default:0.0.0.0:3000`, `PORT,default=3000`, `default='3000'`.
static DEFAULT: Pattern = regex!(r"(?:^|[,;\s])default[:=]\s*'?([^,;']*)");

/// The variable that a value names among other things: `--port,env:PORT`, `env='PORT'`.
static VARIABLE: Pattern = regex!(r"(?:^|[,;\s])env[:=]\s*'?([0-9A-Za-z_]*)");

/// A field with its tag.
struct StructTag<'a> {
    field: &'a str,
    pairs: Vec<Pair<'a>>,
    /// A package fills the fields of this file from variables that it names after them.
    is_read_by_name: bool,
    packs: &'a Packs,
}

struct Pair<'a> {
    key: &'a str,
    value: &'a str,
    /// Where the value starts in the file, in bytes.
    start: usize,
}

/// What a number in the tag is; `None` where it is no port, or no default.
fn literal(tag: &Tag<'_>, span: Range<usize>, port: Port) -> Option<Occurrence> {
    StructTag::of(tag).literal(span, port)
}

impl<'a> StructTag<'a> {
    fn of(tag: &Tag<'a>) -> Self {
        let pairs = PAIR.captures_iter(tag.text).filter_map(|captures| {
            let (key, value) = (captures.get(1)?, captures.get(2)?);
            Some(Pair { key: key.as_str(), value: value.as_str(), start: tag.start + value.start() })
        });
        let is_read_by_name = tag.file.says("/envconfig\"");
        Self { field: tag.field, pairs: pairs.collect(), is_read_by_name, packs: tag.packs }
    }

    fn literal(&self, span: Range<usize>, port: Port) -> Option<Occurrence> {
        let (default, start) = self.pairs.iter().find_map(|pair| pair.default_at(&span))?;
        let within = span.start - start..span.end - start;
        let is_port = match default.trim() == &default[within.clone()] {
            true => self.names_port(),
            false => address::addresses(default, self.packs)
                .iter()
                .any(|address| self.leads_here(address, &within)),
        };
        let meaning = match self.variable() {
            _ if !is_port => return None,
            Some(variable) => Meaning::fallback(port, variable),
            None => {
                let hint = (!self.field.is_empty()).then(|| self.field.to_owned());
                Meaning::Literal(Literal::new(port, Kind::OptionDefault, Shape::Fixed, hint))
            }
        };
        Some(Occurrence::new(span, meaning, "struct-tag.default"))
    }

    fn leads_here(&self, address: &Address, within: &Range<usize>) -> bool {
        address.span == *within
            && address::decide(address, address::Place::Setting(self.field), self.packs).is_some()
    }

    /// Whether the field or what the tag calls it by is a port: `Port`, `arg:"--port"`.
    fn names_port(&self) -> bool {
        let is_name = |pair: &&Pair<'_>| !matches!(pair.key, "help" | "usage" | "description" | "desc");
        let values = self.pairs.iter().filter(is_name).flat_map(|pair| pair.value.split(','));
        self.packs.names.port_name(self.field).is_some()
            || values.into_iter().any(|value| self.packs.names.port_name(value).is_some())
    }

    /// The variable that is asked before the default is taken, where one is.
    fn variable(&self) -> Option<Option<Variable>> {
        let named = |pair: &Pair<'_>| match pair.key {
            "env" | "envconfig" | "envvar" | "env_var" => {
                Some(pair.value.split(',').next().and_then(|name| name.trim().parse().ok()))
            }
            // It makes the variable's name from the field's.
            "conf" | "split_words" | "envDefault" | "env-default" => Some(None),
            _ => VARIABLE.captures(pair.value).map(|captures| captures.get(1)?.as_str().parse().ok()),
        };
        self.pairs.iter().find_map(named).or(self.is_read_by_name.then_some(None))
    }
}

impl<'a> Pair<'a> {
    /// The default that the number is (in), and where it starts in the file.
    fn default_at(&self, span: &Range<usize>) -> Option<(&'a str, usize)> {
        if !(self.start..self.start + self.value.len()).contains(&span.start) {
            return None;
        }
        if matches!(self.key, "default" | "envDefault" | "env-default" | "def" | "value") {
            return Some((self.value, self.start));
        }
        let default = DEFAULT.captures(self.value)?.get(1)?;
        let start = self.start + default.start();
        (start..start + default.len()).contains(&span.start).then_some((default.as_str(), start))
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, variables};

    /// A structure with that field.
    fn with_field(field: &str) -> String {
        format!("package a\ntype C struct {{\n\t{field}\n}}\n")
    }

    fn finds(field: &str) {
        finds_what_is_marked("a.go", &with_field(field));
    }

    #[test]
    fn the_field_or_its_tag_says_that_a_default_is_a_port() {
        finds("Port int `default:\"«8080 option-default»\"`");
        finds("Addr string `arg:\"--port\" default:\"«8080 option-default»\"`");
        finds("Limit int `default:\"8080\"`");
        finds("Limit int `help:\"port\" default:\"8080\"`");
    }

    #[test]
    fn only_a_default_of_the_tag_counts() {
        finds("Port int `json:\"port\" example:\"8080\"`");
        finds("Port int `cli:\"p,default=«8080 option-default»\"`");
    }

    #[test]
    fn an_address_of_the_tag_leads_here_or_elsewhere() {
        finds("Addr string `default:\"localhost:«8080 option-default»\"`");
        finds("Addr string `default:\"api.example.com:8080\"`");
    }

    #[test]
    fn a_variable_of_the_tag_is_asked_first() {
        let default = |field: &str| variables("a.go", &with_field(field));
        assert_eq!(default("Port int `env:\"WEB_PORT\" default:\"8080\"`"), ["8080 of WEB_PORT"]);
        assert_eq!(default("Port int `env:\"WEB_PORT,default=8080\"`"), ["8080 of WEB_PORT"]);
        assert_eq!(default("Port int `arg:\"--port,env:WEB_PORT\" default:\"8080\"`"), ["8080 of WEB_PORT"]);
        assert_eq!(default("Port int `split_words:\"true\" default:\"8080\"`"), ["8080 of "]);
        assert_eq!(default("Port int `default:\"8080\"`"), [""; 0]);
    }

    #[test]
    fn envconfig_reads_each_field_from_a_variable() {
        let text = with_field("Port int `default:\"8080\"`");
        let import = "import \"github.com/kelseyhightower/envconfig\"\n";
        let text = text.replacen('\n', &format!("\n{import}"), 1);
        assert_eq!(variables("a.go", &text), ["8080 of "]);
    }
}
