//! pydantic-settings of Python: the fields of `class Settings(BaseSettings)` are read from the environment.

use std::collections::HashSet;
use std::ops::Range;

use crate::analysis::code::{Framework, SettingsClass, SettingsField};
use crate::pattern::{Pattern, regex};

pub(in crate::analysis) const PYDANTIC: Framework = Framework::Classes(settings_classes);

static CLASS: Pattern =
    regex!(r"(?m)^(?P<indent>[ \t]*)class\s+(?P<name>[A-Za-z_][0-9A-Za-z_]*)\((?P<bases>[^)\n]*)\):[^\n]*\n");

/// `env_prefix = "SHOP_"`, `env_prefix="SHOP_"`, `{"env_prefix": "SHOP_"}`
static PREFIX: Pattern = regex!(r#"(?-u:\b)env_prefix["']?\s*[=:]\s*["']([0-9A-Za-z_]*)["']"#);

static CASE_SENSITIVE: Pattern = regex!(r#"(?-u:\b)case_sensitive["']?\s*[=:]\s*True(?-u:\b)"#);

/// A field with its type; what is behind it is read by hand.
static FIELD: Pattern = regex!(r"^([ \t]+)([A-Za-z_][0-9A-Za-z_]*)[ \t]*:[ \t]*[^\s#]");

/// `Field(validation_alias="HTTP_PORT")`, `Field(env="HTTP_PORT")` of the first version.
static ALIAS: Pattern =
    regex!(r#"(?-u:\b)(?:validation_alias|alias|env)\s*=\s*(?:AliasChoices\(\s*)?["']([0-9A-Za-z_]+)["']"#);

/// `Field(8000)`, `Field(default=8000)`; not `Field(...)` and `Field(gt=0)`.
static FIELD_DEFAULT: Pattern = regex!(
    r"^Field\(\s*(?:default(?:_factory)?\s*=\s*[^.\s]|[^.,=)\s]+\s*[,)])|,\s*default(?:_factory)?\s*=\s*[^.\s]"
);

/// The classes of a text.
fn settings_classes(text: &str) -> Vec<SettingsClass> {
    if !text.contains("BaseSettings") {
        return Vec::new();
    }
    // A class that is derived from one of them is behind it.
    let mut known: HashSet<&str> = HashSet::new();
    let class = |captures: regex::Captures<'_>| {
        let (name, bases) = (captures.name("name")?.range(), captures.name("bases")?.as_str());
        let is_known = bases.split(',').any(|base| known.contains(base.trim()));
        if !is_known && !bases.contains("BaseSettings") {
            return None;
        }
        known.insert(text.get(name)?);
        let start = captures.get(0)?.end();
        let body = start..end_of_block(text, start, captures.name("indent")?.len());
        let fields = fields(text, body.clone());
        Some(SettingsClass { body, fields, by: "lookup.settings-class" })
    };
    CLASS.captures_iter(text).filter_map(class).collect()
}

/// Where the lines end that are indented deeper than `indent`.
fn end_of_block(text: &str, start: usize, indent: usize) -> usize {
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        if !line.trim().is_empty() && indentation(line) <= indent {
            break;
        }
        end += line.len();
    }
    end
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn fields(text: &str, body: Range<usize>) -> Vec<SettingsField> {
    let whole = &text[body.clone()];
    let prefix =
        PREFIX.captures(whole).and_then(|captures| captures.get(1)).map_or("", |prefix| prefix.as_str());
    let is_case_sensitive = CASE_SENSITIVE.is_match(whole);
    // What is indented deeper belongs to a method or to a class of its own.
    let Some(depth) = whole.lines().find(|line| !line.trim().is_empty()).map(indentation) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut start = body.start;
    for line in whole.split_inclusive('\n') {
        let offset = start;
        start += line.len();
        let Some(captures) = FIELD.captures(line) else { continue };
        let (Some(indent), Some(name)) = (captures.get(1), captures.get(2)) else { continue };
        if indent.len() != depth {
            continue;
        }
        let behind = &text[offset + name.end()..body.end];
        let statement = &behind[..end_of_statement(behind)];
        let value = value_of(statement);
        let has_default =
            value.is_some_and(|value| !value.starts_with("Field(") || FIELD_DEFAULT.is_match(value));
        let alias = ALIAS.captures(statement).and_then(|captures| captures.get(1));
        let spelled = match alias {
            Some(alias) => alias.as_str().to_owned(),
            None if is_case_sensitive => format!("{prefix}{}", name.as_str()),
            None => format!("{prefix}{}", name.as_str()).to_ascii_uppercase(),
        };
        let Ok(variable) = spelled.parse() else { continue };
        let at = offset + name.end();
        found.push(SettingsField {
            name: match alias {
                Some(alias) => at + alias.start()..at + alias.end(),
                None => offset + name.start()..at,
            },
            statement: offset + name.start()..at + statement.len(),
            variable,
            has_default,
            is_alias: alias.is_some(),
        });
    }
    found
}

/// The bytes of a statement: up to the end of the line on which all its brackets are closed.
fn end_of_statement(text: &str) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' if depth == 0 => return offset,
            _ => {}
        }
    }
    text.len()
}

/// What stands behind the `=` of an annotated assignment, if it has one: `: Annotated[int, Field(gt=0)] = 8000`.
fn value_of(statement: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (offset, byte) in statement.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'=' if depth == 0 => return Some(statement[offset + 1..].trim()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variables that the fields of a class with this body read; with `=` those that have a default.
    fn read(body: &str) -> Vec<String> {
        settings_classes(&format!(
            "class Settings(BaseSettings):\n{body}\nclass Other:\n    other_port: int\n"
        ))
        .iter()
        .flat_map(|class| &class.fields)
        .map(|field| format!("{}{}", field.variable, if field.has_default { "=" } else { "" }))
        .collect()
    }

    #[test]
    fn a_field_reads_the_variable_of_its_name() {
        assert_eq!(read("    web_port: int\n    API_PORT: int = 8100\n"), ["WEB_PORT", "API_PORT="]);
        assert_eq!(read("    web_port: Annotated[int, Field(gt=0)]\n"), ["WEB_PORT"]);
        assert_eq!(read("    web_port: Annotated[int, Field(gt=0)] = 8000\n"), ["WEB_PORT="]);
    }

    #[test]
    fn what_pydantic_calls_a_field_decides() {
        for (value, expected) in [
            ("Field(...)", "WEB_PORT"),
            ("Field(gt=0, le=65535)", "WEB_PORT"),
            ("Field(8000, gt=0)", "WEB_PORT="),
            ("Field(default=8000)", "WEB_PORT="),
            ("Field(\n        gt=0,\n        default=8000,\n    )", "WEB_PORT="),
            ("Field(validation_alias=\"HTTP_PORT\")", "HTTP_PORT"),
            ("Field(8000, validation_alias=AliasChoices(\"HTTP_PORT\", \"PORT\"))", "HTTP_PORT="),
            ("Field(..., env='HTTP_PORT')", "HTTP_PORT"),
        ] {
            assert_eq!(read(&format!("    web_port: int = {value}\n")), [expected], "{value}");
        }
    }

    #[test]
    fn the_configuration_of_the_class_may_put_a_prefix_before_the_names() {
        for configuration in [
            "    model_config = SettingsConfigDict(env_prefix=\"SHOP_\")\n",
            "    model_config = {'env_prefix': 'SHOP_'}\n",
            "    class Config:\n        env_prefix = 'shop_'\n",
        ] {
            assert_eq!(
                read(&format!("    web_port: int\n{configuration}")),
                ["SHOP_WEB_PORT"],
                "{configuration}"
            );
        }
        let sensitive = "    model_config = SettingsConfigDict(case_sensitive=True)\n    web_port: int\n";
        assert_eq!(read(sensitive), ["web_port"]);
    }

    #[test]
    fn what_stands_deeper_is_no_field() {
        assert_eq!(
            read("    def url(self):\n        web_port: int = 8000\n        return web_port\n"),
            [""; 0]
        );
    }
}
