//! What `config.toml` comes to with what is built in.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use toml::Spanned;

use super::file::File;
use super::{Fault, unknown_type, written};
use crate::port::Port;
use crate::service::{Service, ServiceType, ServiceTypes, TypeName};
use crate::text::At;
use crate::variable::Variable;

/// Numbers that are never assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avoided {
    /// The numbers.
    pub numbers: RangeInclusive<u16>,
    /// The line of the file, from 1.
    pub line: usize,
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It comes with the program.
    BuiltIn,
    /// The file sets it, in this line, from 1.
    Line(usize),
}

/// Where the settings of the types come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    ranges: BTreeMap<Service, usize>,
    variables: BTreeMap<Service, usize>,
    words: BTreeMap<Service, Vec<(String, usize)>>,
}

impl Origins {
    /// The words that the file adds to a type, each with its line, from 1.
    #[must_use]
    pub fn words(&self, service: Service) -> &[(String, usize)] {
        self.words.get(&service).map_or(&[], Vec::as_slice)
    }

    /// Where a type's range comes from.
    #[must_use]
    pub fn range(&self, service: Service) -> Origin {
        self.ranges.get(&service).copied().map_or(Origin::BuiltIn, Origin::Line)
    }

    /// Where a type's variable comes from. That of a type which the file adds is made of its name.
    #[must_use]
    pub fn variable(&self, service: Service) -> Origin {
        self.variables.get(&service).copied().map_or(Origin::BuiltIn, Origin::Line)
    }
}

/// The settings in the making.
struct Resolving<'a> {
    text: &'a str,
    types: Vec<ServiceType>,
    origins: Origins,
}

pub(super) fn resolve(file: File, text: &str) -> Result<super::Config, Fault> {
    let types = ServiceTypes::default().iter().cloned().collect();
    let mut resolving = Resolving { text, types, origins: Origins::default() };
    let avoided: Vec<Avoided> = file
        .avoid
        .iter()
        .map(|it| Avoided { numbers: it.get_ref().0.clone(), line: resolving.at(it).line })
        .collect();
    resolving.ranges(&file)?;
    resolving.words(&file)?;
    resolving.variables(&file)?;
    resolving.ensure_usable(&file, &avoided)?;
    let Resolving { types, origins, .. } = resolving;
    Ok(super::Config { types: types.into_iter().collect(), avoided, origins })
}

impl Resolving<'_> {
    fn at<T>(&self, written: &Spanned<T>) -> At {
        At::of(self.text, Some(written.span()))
    }

    fn fault<T, V>(&self, written: &Spanned<T>, message: impl Into<String>) -> Result<V, Fault> {
        Err(Fault { at: self.at(written), message: message.into() })
    }

    fn ranges(&mut self, file: &File) -> Result<(), Fault> {
        for (name, range) in &file.ranges {
            let numbers = &range.get_ref().0;
            if *numbers.start() < 1024 {
                return self.fault(
                    range,
                    format!("the range of `{}` begins below 1024, where only root may listen: begin at 1024 or above", name.get_ref()),
                );
            }
            let service = match self.types.iter_mut().find(|it| it.service.name() == name.get_ref()) {
                Some(known) => {
                    known.range = numbers.clone();
                    known.service
                }
                None => {
                    let named: TypeName = match name.get_ref().parse() {
                        Ok(named) => named,
                        Err(error) => return self.fault(name, format!("{error}")),
                    };
                    self.types.push(ServiceType::named(named, numbers.clone()));
                    Service::Named(named)
                }
            };
            let line = self.at(range).line;
            self.origins.ranges.insert(service, line);
        }
        self.ensure_distinct(file)
    }

    /// Two types must not share a number. The error is about the range that stands later in the file.
    fn ensure_distinct(&self, file: &File) -> Result<(), Fault> {
        let mut written_ranges: Vec<_> = file.ranges.iter().collect();
        written_ranges.sort_by_key(|(_, range)| range.span().start);
        let is_written = |service: Service| file.ranges.keys().any(|name| name.get_ref() == service.name());
        let built_in = self.types.iter().filter(|it| !is_written(it.service));
        let mut before: Vec<(String, RangeInclusive<u16>, Option<usize>)> =
            built_in.map(|it| (it.service.to_string(), it.range.clone(), None)).collect();
        for (name, range) in written_ranges {
            let numbers = &range.get_ref().0;
            let overlaps = |other: &RangeInclusive<u16>| {
                other.start() <= numbers.end() && numbers.start() <= other.end()
            };
            if let Some((other, its, line)) = before.iter().find(|(_, other, _)| overlaps(other)) {
                let (name, numbers, its) = (name.get_ref(), written(numbers), written(its));
                let help = match line {
                    Some(line) => format!("`{other}` of line {line} ({its}); change one of the two"),
                    None => format!(
                        "`{other}` ({its}), which is built in; choose other numbers, or give `{other}` a range of its own here"
                    ),
                };
                return self
                    .fault(range, format!("the range of `{name}` ({numbers}) overlaps that of {help}"));
            }
            before.push((name.get_ref().clone(), numbers.clone(), Some(self.at(range).line)));
        }
        Ok(())
    }

    /// The place among the types of one that the file names.
    fn index_of(&self, name: &Spanned<String>) -> Result<usize, Fault> {
        match self.types.iter().position(|it| it.service.name() == name.get_ref()) {
            Some(index) => Ok(index),
            None => {
                let types: ServiceTypes = self.types.iter().cloned().collect();
                self.fault(name, unknown_type(name.get_ref(), &types))
            }
        }
    }

    fn words(&mut self, file: &File) -> Result<(), Fault> {
        let names: Vec<String> = self.types.iter().map(|it| it.service.to_string()).collect();
        let mut taken: BTreeMap<Vec<String>, String> = BTreeMap::new();
        for (name, phrases) in &file.words {
            let index = self.index_of(name)?;
            let type_name = name.get_ref();
            for phrase in phrases {
                let text = phrase.get_ref();
                if names.iter().any(|other| other == text && other != type_name) {
                    return self
                        .fault(phrase, format!("`{text}` is the name of another type; remove it here"));
                }
                let Some(it) = self.types.get_mut(index) else { continue };
                let service = it.service;
                let Some(words) = it.add_phrase(text).map(<[String]>::to_vec) else {
                    return self.fault(
                        phrase,
                        format!(
                            "`{text}` tells no variable from another; use words of letters other than `port`"
                        ),
                    );
                };
                let line = self.at(phrase).line;
                self.origins.words.entry(service).or_default().push((text.clone(), line));
                if let Some(other) = taken.insert(words, type_name.clone()).filter(|other| other != type_name)
                {
                    return self.fault(
                        phrase,
                        format!("`{text}` already means `{other}`; remove it from one of the two"),
                    );
                }
            }
        }
        Ok(())
    }

    fn variables(&mut self, file: &File) -> Result<(), Fault> {
        for (name, variable) in &file.variables {
            let index = self.index_of(name)?;
            let text = variable.get_ref();
            let parsed: Variable = match text.parse() {
                Ok(parsed) => parsed,
                Err(error) => return self.fault(variable, format!("`{text}` is {error}")),
            };
            if parsed == Variable::bare() {
                return self.fault(
                    variable,
                    "`PORT` is read by every program that serves; name the type's own variable, as in \"WEB_PORT\"",
                );
            }
            if let Err(reason) = parsed.ensure_holds_port() {
                return self.fault(variable, format!("{parsed} {reason}"));
            }
            let line = self.at(variable).line;
            let Some(it) = self.types.get_mut(index) else { continue };
            it.variable = parsed;
            let service = it.service;
            self.origins.variables.insert(service, line);
        }
        self.ensure_own_variables(file)
    }

    /// Each type must have a variable of its own that can hold a port, also one that is made of the type's name.
    fn ensure_own_variables(&self, file: &File) -> Result<(), Fault> {
        for (index, it) in self.types.iter().enumerate() {
            let (service, variable) = (it.service, &it.variable);
            let message = match self.types[..index].iter().find(|other| other.variable == *variable) {
                Some(other) => format!(
                    "{variable} would be the variable of `{}` and of `{service}`; name another one for one of them in [variables]",
                    other.service
                ),
                None => match variable.ensure_holds_port() {
                    Ok(()) => continue,
                    Err(reason) => {
                        format!("{variable} {reason}; name another variable for `{service}` in [variables]")
                    }
                },
            };
            let is_it = |name: &&Spanned<String>| name.get_ref() == service.name();
            let named = file.variables.iter().find(|(_, written)| written.get_ref() == variable.as_str());
            let place = named.map(|(_, written)| self.at(written));
            let at = place.or_else(|| file.ranges.keys().find(is_it).map(|name| self.at(name)));
            return Err(Fault { at: at.unwrap_or(At::START), message });
        }
        Ok(())
    }

    /// Each type must have a number that can be assigned.
    fn ensure_usable(&self, file: &File, avoided: &[Avoided]) -> Result<(), Fault> {
        let can_be_assigned = |port: Port| {
            !port.is_blocked_by_browsers() && !avoided.iter().any(|it| it.numbers.contains(&port.get()))
        };
        for it in &self.types {
            if it.range.clone().filter_map(Port::new).any(can_be_assigned) {
                continue;
            }
            let (name, range) = (it.service, written(&it.range));
            let message = format!(
                "no number of `{name}` ({range}) can be assigned, as all are avoided or blocked by browsers; choose others"
            );
            let place = file.ranges.iter().find(|(name, _)| name.get_ref() == it.service.name());
            let avoid = file.avoid.iter().find(|avoided| {
                avoided.get_ref().0.start() <= it.range.end() && it.range.start() <= avoided.get_ref().0.end()
            });
            let at = place.map(|(_, range)| self.at(range)).or(avoid.map(|it| self.at(it)));
            return Err(Fault { at: at.unwrap_or(At::START), message });
        }
        Ok(())
    }
}
