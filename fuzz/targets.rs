//! What holds for every input. cargo-fuzz runs these with inputs that it breeds (`fuzz/fuzz_targets/`),
//! `make test` with some hundred that are bred under a fixed seed (`tests/reliability/fuzz.rs`).

use std::fs;

use port_manager::analysis::{Language, SyntaxCache, analyze};
use port_manager::error::{Error, RegistryError};
use port_manager::operations;
use port_manager::port::Port;
use port_manager::ports_env::PortsEnv;
use port_manager::project::ProjectRoot;
use port_manager::registry::Store;
use port_manager::service::{Service, ServiceTypes};

/// `.ports.env`: any text is read without loss, and edits do what they say.
pub(crate) fn ports_env(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut env = PortsEnv::parse(text);
    assert_eq!(env.to_text(), text);
    for definition in env.definitions() {
        assert_eq!(&text[definition.name_span.clone()], definition.variable.as_str());
        assert_eq!(text[definition.port_span.clone()].parse(), Ok(definition.port));
    }
    for problem in env.problems() {
        assert!(!text[problem.span.clone()].is_empty());
    }
    let variables: Vec<_> = env.variables().cloned().collect();
    let port = Port::new(1).unwrap();
    for variable in &variables {
        env.set(variable, port);
        assert_eq!(env.get(variable), Some(port));
    }
    for variable in &variables {
        env.remove(variable);
        assert_eq!(env.get(variable), None);
    }
}

/// Source code and configuration: any text in any language is read without a panic, and what is found
/// stands in it. The first byte chooses the language.
pub(crate) fn analysis(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(data) else { return };
    let languages: Vec<Language> = Language::all().collect();
    let language = languages[usize::from(*choice) % languages.len()];
    let analysis = analyze(text, language, &mut SyntaxCache::default());
    for occurrence in &analysis.occurrences {
        assert!(!text[occurrence.span.clone()].is_empty());
        assert!(analysis.at(occurrence.span.start).is_some());
    }
}

/// What `init` reads of a project: any compose file, `package.json` and Procfile is read without a panic, and every
/// variable can hold a port. The first byte chooses which.
pub(crate) fn port_map(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else { return };
    let directory = tempfile::tempdir().unwrap();
    let names = ["compose.yaml", "package.json", "Procfile"];
    let name = names[usize::from(*choice) % names.len()];
    fs::write(directory.path().join(name), data).unwrap();
    let root = ProjectRoot::exact(directory.path()).unwrap();
    for port in operations::port_map(&root, &ServiceTypes::default()).unwrap().map.ports() {
        assert!(port.variable.ensure_holds_port().is_ok(), "{}", port.variable);
    }
}

/// The registry's file: any bytes are read or refused, never written over, and can be repaired.
pub(crate) fn registry(data: &[u8]) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::at(directory.path());
    fs::write(store.path(), data).unwrap();
    let variable = "FUZZ_PORT".parse().unwrap();
    let change = || {
        store.change(|registry| {
            let is_free = |port: &Port| registry.owner(*port).is_none();
            let port = registry.types().ports(Service::Misc).find(is_free);
            port.map_or(Ok(()), |port| registry.assign("/fuzz", "fuzz", &variable, port, Service::Misc))
        })
    };
    if store.load().is_ok() {
        let before: Vec<String> = assignments(&store);
        change().unwrap();
        let after = assignments(&store);
        assert!(before.iter().all(|one| after.contains(one) || one.starts_with("/fuzz ")));
        return;
    }
    change().unwrap_err();
    assert_eq!(fs::read(store.path()).unwrap(), data, "what cannot be read was changed");
    match store.repair() {
        Ok(repair) => {
            let kept = repair.and_then(|repair| repair.moved_to).unwrap();
            assert_eq!(fs::read(kept).unwrap(), data);
            change().unwrap();
        }
        Err(error) => assert!(matches!(error, Error::Registry(RegistryError::TooNew { .. })), "{error}"),
    }
}

fn assignments(store: &Store) -> Vec<String> {
    let registry = store.load().unwrap();
    let described = registry.projects().flat_map(|(key, project)| {
        project.ports().map(move |(variable, it)| format!("{key} {variable} {} {}", it.port, it.service))
    });
    described.collect()
}
