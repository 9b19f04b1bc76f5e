//! What a framework says of a program besides what the language says: one hook for each place in which some framework
//! has a say. A language lists the frameworks that its programs use; the engine knows none by name.

use std::ops::Range;

use tree_sitter::Node;

use super::Arguments;
use super::verdict::Verdict;
use super::whole_text::WholeText;
use super::{Role, Source};
use crate::analysis::occurrence::Occurrence;
use crate::analysis::packs::Packs;
use crate::port::Port;
use crate::variable::Variable;

/// What a framework is asked.
pub(in crate::analysis) enum Framework {
    /// Which classes of a text have fields that are read from the environment.
    Classes(fn(&str) -> Vec<SettingsClass>),
    /// What a number in the tag behind a field is; `None` where it is no port.
    Tag(fn(&Tag<'_>, Range<usize>, Port) -> Option<Occurrence>),
    /// What a call makes of its arguments.
    Call(fn(&Called<'_>) -> Option<Verdict>),
    /// What the block behind the arguments of a call yields.
    Block(fn(&Called<'_>) -> Option<Verdict>),
    /// What a number is that is given to a name.
    Named(fn(&Named<'_>) -> Option<Verdict>),
    /// What an attribute says of a number in it.
    Attribute(fn(&Attribute<'_>) -> Option<Verdict>),
}

/// A class whose fields are read from the environment.
pub(in crate::analysis) struct SettingsClass {
    /// The bytes of its body.
    pub(in crate::analysis) body: Range<usize>,
    /// The fields, in their order.
    pub(in crate::analysis) fields: Vec<SettingsField>,
    /// The rule that says so.
    pub(in crate::analysis) by: &'static str,
}

/// A field that is read from the environment: `web_port: int` reads `WEB_PORT`.
pub(in crate::analysis) struct SettingsField {
    /// The bytes of its name, or of the alias that names the variable.
    pub(in crate::analysis) name: Range<usize>,
    /// The whole statement.
    pub(in crate::analysis) statement: Range<usize>,
    /// What is read.
    pub(in crate::analysis) variable: Variable,
    /// Whether it has a value where the variable is not set.
    pub(in crate::analysis) has_default: bool,
    /// Whether the variable is spelled there for itself, and not the name of an attribute that code uses.
    pub(in crate::analysis) is_alias: bool,
}

/// The tag behind a field.
pub(in crate::analysis) struct Tag<'a> {
    /// The tag, as written.
    pub(in crate::analysis) text: &'a str,
    /// Where it starts in the file.
    pub(in crate::analysis) start: usize,
    /// The name of the field.
    pub(in crate::analysis) field: &'a str,
    /// The whole file.
    pub(in crate::analysis) file: &'a WholeText<'a>,
    /// The rows that the file is read by.
    pub(in crate::analysis) packs: &'a Packs,
}

/// A call with a number among its arguments or in its block.
pub(in crate::analysis) struct Called<'a> {
    /// What is called, as written.
    pub(in crate::analysis) callee: &'a str,
    /// The arguments, as written: all in one text.
    pub(in crate::analysis) arguments: &'a str,
    /// The whole file.
    pub(in crate::analysis) file: &'a WholeText<'a>,
    /// The rows that the file is read by.
    pub(in crate::analysis) packs: &'a Packs,
}

/// A name that is given a number.
pub(in crate::analysis) struct Named<'a> {
    /// The name.
    pub(in crate::analysis) name: &'a str,
    /// How it is given.
    pub(in crate::analysis) role: Role,
    /// Whether another entry with that name is beside it.
    pub(in crate::analysis) is_beside: &'a dyn Fn(&'static str) -> bool,
    /// Whether one of the nodes around it, as written, starts so.
    pub(in crate::analysis) is_in: &'a dyn Fn(&'static str) -> bool,
}

/// An attribute before a field.
pub(in crate::analysis) struct Attribute<'a> {
    /// The attribute, as written.
    pub(in crate::analysis) text: &'a str,
    /// The name of the field.
    pub(in crate::analysis) field: &'a str,
    /// The rows that the file is read by.
    pub(in crate::analysis) packs: &'a Packs,
}

impl<'a> Called<'a> {
    pub(super) fn of(source: &'a Source<'a>, call: Node<'_>, arguments: Arguments<'_>) -> Self {
        Self {
            callee: source.callee(call, arguments),
            arguments: source.text.get(arguments.start_byte()..arguments.end_byte()).unwrap_or_default(),
            file: &source.whole,
            packs: source.packs,
        }
    }
}

impl SettingsClass {
    /// Whether the byte offset lies in the class.
    pub(super) fn contains(&self, offset: usize) -> bool {
        self.body.contains(&offset)
    }

    /// The field in whose statement the byte offset lies.
    pub(super) fn field_at(&self, offset: usize) -> Option<&SettingsField> {
        self.fields.iter().find(|field| field.statement.contains(&offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A class whose body is these bytes, with a field whose statement is those.
    fn class(body: Range<usize>, statement: Range<usize>) -> SettingsClass {
        let field = SettingsField {
            name: statement.start..statement.start + 1,
            statement,
            variable: "WEB_PORT".parse().unwrap(),
            has_default: false,
            is_alias: false,
        };
        SettingsClass { body, fields: vec![field], by: "lookup.settings-class" }
    }

    #[test]
    fn a_place_in_a_class_is_in_one_of_its_fields_or_none() {
        let class = class(10..50, 20..30);
        assert!(class.contains(10) && !class.contains(50));
        assert!(class.field_at(29).is_some_and(|field| field.variable.as_str() == "WEB_PORT"));
        assert!(class.field_at(30).is_none());
    }
}
