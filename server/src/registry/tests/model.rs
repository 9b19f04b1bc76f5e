//! The registry beside a model of it that is too simple to be wrong, and its file

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::*;

#[derive(Debug, Clone)]
enum Change {
    Assign { key: &'static str, variable: &'static str, number: u16 },
    Unassign { key: &'static str, variable: &'static str },
    Remove { key: &'static str },
    HandOver { from: &'static str, to: &'static str },
    Reserve { number: u16, minutes: i64 },
}

fn change() -> impl Strategy<Value = Change> {
    let key = || prop::sample::select(&["shop", "/home/dev/shop", "/home/dev/my \"blog\"\n", "/🦀"][..]);
    let variable = || prop::sample::select(&["WEB_PORT", "API_PORT", "_"][..]);
    let number = || prop_oneof![1u16..5, Just(65535)];
    prop_oneof![
        4 => (key(), variable(), number())
            .prop_map(|(key, variable, number)| Change::Assign { key, variable, number }),
        1 => (key(), variable()).prop_map(|(key, variable)| Change::Unassign { key, variable }),
        1 => key().prop_map(|key| Change::Remove { key }),
        1 => (key(), key()).prop_map(|(from, to)| Change::HandOver { from, to }),
        2 => (number(), -1i64..2).prop_map(|(number, minutes)| Change::Reserve { number, minutes }),
    ]
}

/// Each port's owner: a project and its variable, or nobody where it is reserved.
type Model = BTreeMap<u16, Option<(&'static str, &'static str)>>;

/// What becomes of the model; whether the registry has to agree to the change.
fn expect(model: &mut Model, change: &Change) -> bool {
    match *change {
        Change::Assign { key, variable, number } => {
            let own = Some((key, variable));
            if model.get(&number).is_some_and(|owner| owner.is_some() && *owner != own) {
                return false;
            }
            model.retain(|_, owner| *owner != own);
            model.insert(number, own);
        }
        Change::Unassign { key, variable } => model.retain(|_, owner| *owner != Some((key, variable))),
        Change::Remove { key } => model.retain(|_, owner| owner.is_none_or(|(other, _)| other != key)),
        Change::HandOver { from, to } => {
            let has: Vec<&str> = model
                .values()
                .flatten()
                .filter(|(key, _)| *key == to)
                .map(|(_, variable)| *variable)
                .collect();
            for owner in model.values_mut().flatten() {
                if owner.0 == from && !has.contains(&owner.1) {
                    owner.0 = to;
                }
            }
        }
        // One that has expired already is dropped when the file is read.
        Change::Reserve { number, minutes } => {
            if model.contains_key(&number) {
                return false;
            }
            if minutes > 0 {
                model.insert(number, None);
            }
        }
    }
    true
}

fn apply(registry: &mut Registry, change: &Change) -> Result<()> {
    let variable = |name: &str| name.parse::<Variable>().unwrap();
    match *change {
        Change::Assign { key, variable: name, number } => {
            registry.assign(key, "a name", &variable(name), port(number), Service::Misc)?;
        }
        Change::Unassign { key, variable: name } => drop(registry.unassign(key, &variable(name))),
        Change::Remove { key } => drop(registry.remove_project(key)),
        Change::HandOver { from, to } => registry.hand_over(from, to, "a name"),
        Change::Reserve { number, minutes } => {
            let until = noon() + jiff::SignedDuration::from_mins(minutes);
            registry.reserve(port(number), Service::Misc, until, None)?;
        }
    }
    Ok(())
}

/// Who the registry says has which port.
fn owners(registry: &Registry) -> BTreeMap<u16, Option<(String, String)>> {
    let ports = (1..=5).chain([65535]);
    let owner = |number| {
        Some(match registry.owner(port(number))? {
            Owner::Project { key, variable, .. } => Some((key.to_owned(), variable.to_string())),
            Owner::Reservation { .. } => None,
        })
    };
    ports.filter_map(|number| Some((number, owner(number)?))).collect()
}

fn config() -> Config {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { 48 };
    Config { cases, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Every change goes through the file, so that reading it gives what was written.
    #[test]
    fn a_registry_does_what_a_simple_model_does(changes in prop::collection::vec(change(), 1..30)) {
        let home = Home::empty();
        let mut model = Model::new();
        for change in &changes {
            let is_expected = expect(&mut model, change);
            let done = home.store.change(|registry| apply(registry, change));
            prop_assert_eq!(done.is_ok(), is_expected, "{:?}", change);
            let expected: BTreeMap<u16, Option<(String, String)>> = model
                .iter()
                .map(|(number, owner)| (*number, owner.map(|(key, name)| (key.to_owned(), name.to_owned()))))
                .collect();
            let registry = home.store.load().unwrap();
            prop_assert_eq!(owners(&registry), expected, "{:?}", change);
            // Each side of the registry tells the same.
            let listed = registry.projects().flat_map(|(_, project)| project.ports()).count();
            prop_assert_eq!(listed, model.values().flatten().count());
        }
    }
}
