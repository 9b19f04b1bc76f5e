//! The service types in force: those that come with the program, as the user's `config.toml` changes and completes them.

use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock};

use super::type_name::is_port_word;
use super::{Row, Service, TABLE, TypeName, words};
use crate::port::Port;
use crate::variable::Variable;

/// All service types, those that come with the program first. A clone shares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceTypes(Arc<[ServiceType]>);

/// A service type in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceType {
    /// The type.
    pub service: Service,
    /// The numbers that its ports are chosen from.
    pub range: RangeInclusive<u16>,
    /// The variable that a project's only service of this type is read from.
    pub variable: Variable,
    /// What a name says that means this type, besides the words that come with the program: each a few words in a row.
    pub phrases: Vec<Vec<String>>,
}

impl ServiceType {
    fn of_row(row: &Row) -> Self {
        Self {
            service: row.service,
            range: row.range.clone(),
            // The table's names are names; a test holds them to it.
            variable: row.variable.parse().unwrap_or_else(|_| Variable::bare()),
            phrases: Vec::new(),
        }
    }

    /// A type that the user adds. Its own name means it: `SEARCH_PORT` is a port of `search`.
    #[must_use]
    pub fn named(name: TypeName, range: RangeInclusive<u16>) -> Self {
        let upper = name.as_str().replace('-', "_").to_ascii_uppercase();
        Self {
            service: Service::Named(name),
            range,
            variable: format!("{upper}_PORT").parse().unwrap_or_else(|_| Variable::bare()),
            phrases: vec![words(name.as_str())],
        }
    }

    /// Adds what a name says that means this type, and returns its words; `None` where they tell no name from another: there
    /// is no word of letters, or the word `port`.
    pub fn add_phrase(&mut self, text: &str) -> Option<&[String]> {
        let phrase = words(text);
        if phrase.is_empty() || phrase.iter().any(|word| is_port_word(word)) {
            return None;
        }
        self.phrases.push(phrase);
        self.phrases.last().map(Vec::as_slice)
    }
}

impl Default for ServiceTypes {
    fn default() -> Self {
        static BUILT_IN: LazyLock<ServiceTypes> =
            LazyLock::new(|| ServiceTypes(TABLE.iter().map(ServiceType::of_row).collect()));
        BUILT_IN.clone()
    }
}

impl FromIterator<ServiceType> for ServiceTypes {
    fn from_iter<T: IntoIterator<Item = ServiceType>>(types: T) -> Self {
        Self(types.into_iter().collect())
    }
}

impl ServiceTypes {
    /// Every type, in the order in which tables and help show them.
    pub fn iter(&self) -> std::slice::Iter<'_, ServiceType> {
        self.0.iter()
    }

    /// What is known of a type; `None` for one that only the registry still knows.
    #[must_use]
    pub fn get(&self, service: Service) -> Option<&ServiceType> {
        self.iter().find(|it| it.service == service)
    }

    /// The names of all types.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.iter().map(|it| it.service.to_string()).collect()
    }

    /// The type of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Service> {
        self.iter().map(|it| it.service).find(|service| service.name() == name)
    }

    /// The ports of a type's range, lowest first.
    pub fn ports(&self, service: Service) -> impl Iterator<Item = Port> + use<> {
        self.get(service).map(|it| it.range.clone()).into_iter().flatten().filter_map(Port::new)
    }

    /// The ports that a type takes where its range is full, lowest first: the next hundred above the
    /// range that is in no other type's. `queue` goes on at 5700, `web` and `api` at 8200.
    pub fn overflow(&self, service: Service) -> impl Iterator<Item = Port> + use<> {
        let above = self.get(service).map(|it| u32::from(*it.range.end()) / 100 + 1);
        let is_taken = |hundred: u32| {
            self.iter().any(|it| {
                (u32::from(*it.range.start()) / 100..=u32::from(*it.range.end()) / 100).contains(&hundred)
            })
        };
        let hundred =
            above.and_then(|above| (above..u32::from(u16::MAX) / 100).find(|hundred| !is_taken(*hundred)));
        let numbers = hundred.map_or(0..0, |hundred| hundred * 100..hundred * 100 + 100);
        numbers.filter_map(|number| u16::try_from(number).ok().and_then(Port::new))
    }

    /// The variable that a project's only service of this type is read from: `WEB_PORT`.
    #[must_use]
    pub fn variable(&self, service: Service) -> Variable {
        let known = self.get(service).or_else(|| self.get(Service::Misc));
        known.map_or_else(Variable::bare, |it| it.variable.clone())
    }

    /// The type whose range holds the port.
    #[must_use]
    pub fn of_port(&self, port: Port) -> Option<Service> {
        self.iter().find(|it| it.range.contains(&port.get())).map(|it| it.service)
    }

    /// The type that a name means: as [`Service::of_name`], with the user's words before those that come with the program.
    #[must_use]
    pub fn of_name(&self, name: &str) -> Option<Service> {
        let words = words(name);
        (1..=words.len()).rev().find_map(|end| {
            let spoken = words.get(..end)?;
            let phrases =
                self.iter().flat_map(|it| it.phrases.iter().map(move |phrase| (phrase, it.service)));
            let longest =
                phrases.filter(|(phrase, _)| spoken.ends_with(phrase)).max_by_key(|(it, _)| it.len());
            longest.map(|(_, service)| service).or_else(|| Service::of_word(spoken.last()?))
        })
    }

    /// The type of a variable: by its name, else by the port, else `misc`.
    #[must_use]
    pub fn of_variable(&self, variable: &Variable, port: Option<Port>) -> Service {
        self.of_name(variable.as_str())
            .or_else(|| port.and_then(|port| self.of_port(port)))
            .unwrap_or(Service::Misc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_search() -> ServiceTypes {
        let mut search = ServiceType::named("full-search".parse().unwrap(), 9200..=9299);
        search.add_phrase("elasticsearch").unwrap();
        ServiceTypes::default().iter().cloned().chain([search]).collect()
    }

    #[test]
    fn the_table_is_well_formed() {
        let types = ServiceTypes::default();
        for it in types.iter() {
            assert!(it.variable.has_port_word() && it.variable != Variable::bare());
            for port in types.ports(it.service) {
                assert_eq!(types.of_port(port), Some(it.service));
            }
        }
    }

    #[test]
    fn a_full_range_overflows_into_a_hundred_of_no_other_type() {
        let types = ServiceTypes::default();
        let first = |types: &ServiceTypes, service| types.overflow(service).next().map(Port::get);
        assert_eq!(first(&types, Service::Queue), Some(5700));
        assert_eq!(first(&types, Service::Web), Some(8200), "8100 is api's");
        for it in types.iter() {
            let ports: Vec<Port> = types.overflow(it.service).collect();
            assert_eq!(ports.len(), 100, "{}", it.service);
            assert!(ports.iter().all(|port| port.get() >= 1024 && types.of_port(*port).is_none()));
        }
        let moved: ServiceTypes = with_search()
            .iter()
            .cloned()
            .map(|it| match it.service {
                Service::Monitoring => ServiceType { range: 9000..=9199, ..it },
                _ => it,
            })
            .collect();
        assert_eq!(first(&moved, Service::Monitoring), Some(9300), "9200 is a type's of the user");
    }

    #[test]
    fn a_range_at_the_end_of_the_numbers_overflows_into_nothing() {
        let last = ServiceType::named("last".parse().unwrap(), 65000..=65535);
        let types: ServiceTypes = [last.clone()].into_iter().collect();
        assert_eq!(types.overflow(last.service).count(), 0);
        assert_eq!(types.ports(last.service).count(), 536);
    }

    #[test]
    fn the_words_of_the_user_go_before_those_of_the_program() {
        let types = with_search();
        let search = types.named("full-search").unwrap();
        for name in ["FULL_SEARCH_PORT", "fullSearchPort", "db_elasticsearch"] {
            assert_eq!(types.of_name(name), Some(search), "{name}");
        }
        assert_eq!(types.of_name("SEARCH_PORT"), None);
        assert_eq!(types.of_name("FULL_SEARCH_API_PORT"), Some(Service::Api), "the last word decides");
        assert_eq!(Service::of_name("elasticsearch"), Some(Service::Db));
        assert_eq!(types.variable(search).as_str(), "FULL_SEARCH_PORT");
    }

    #[test]
    fn a_number_suggests_its_type() {
        let types = ServiceTypes::default();
        for (number, service) in
            [(8080, Some(Service::Web)), (5432, Some(Service::Db)), (1234, None), (9250, None)]
        {
            assert_eq!(Port::new(number).and_then(|port| types.of_port(port)), service, "{number}");
        }
        let types = with_search();
        assert_eq!(
            types.of_variable(&"X_PORT".parse().unwrap(), Port::new(9250)),
            types.named("full-search").unwrap()
        );
    }
}
