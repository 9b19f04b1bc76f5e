//! One variable at a time

use super::*;
use crate::error::NameError;

#[test]
fn allocating_is_idempotent_and_takes_the_preferred_number_where_it_can_be_had() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    let first = machine.allocate(&shop, "WEB_PORT", Some(8080));
    assert_eq!((first.port.port, first.port.is_new, first.port.service), (port(8080), true, Service::Web));
    assert_eq!(lines(&shop), ["WEB_PORT=8080"]);
    let again = machine.allocate(&shop, "WEB_PORT", Some(8081));
    assert_eq!((again.port.port, again.port.is_new), (port(8080), false));
    assert_eq!(again.written, Vec::<PathBuf>::new());
    assert_eq!(again.port.refused.unwrap().reason, "the variable keeps the port that it has");

    assert_eq!(machine.allocate(&shop, "FAR_PORT", Some(54321)).port.port, port(54321));
    let blog = machine.project("blog", &[]);
    let refused = machine.allocate(&blog, "WEB_PORT", Some(8080)).port;
    assert_eq!(refused.port, port(8000));
    assert_eq!(refused.refused.unwrap().port, port(8080));
}

#[test]
fn a_number_that_cannot_be_had_stays_the_default() {
    let machine = Machine::new();
    let (shop, blog) = (machine.project("shop", &[]), machine.project("blog", &[]));
    machine.allocate(&shop, "WEB_PORT", Some(8080));
    let allocated = machine.allocate(&blog, "WEB_PORT", Some(8080)).port;
    assert_eq!((allocated.port, allocated.default), (port(8000), Some(port(8080))));
    let example = crate::ports_env::Example::load(&blog).unwrap();
    assert_eq!(example.get(&variable("WEB_PORT")), Some(port(8080)));
}

#[test]
fn an_unknown_type_is_refused_whatever_number_is_preferred() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    let unknown: Service = "nosuch".parse().unwrap();
    for preferred in [None, Some(port(9500))] {
        let refused = allocate(&machine.context, &shop, &variable("ODD_PORT"), Some(unknown), preferred);
        assert!(matches!(refused, Err(Error::Name(NameError::UnknownServiceType { .. }))), "{refused:?}");
    }
    assert_eq!(machine.owner(9500), None);
}

#[test]
fn allocating_leaves_the_other_lines_alone_and_avoids_their_numbers() {
    let machine = Machine::new();
    machine.init(&machine.project("shop", &[]));
    let text = "DB_PORT=8000\nADMIN_PORT=8001\n";
    let blog = machine.project("blog", &[(".ports.env", text)]);
    assert_eq!(machine.allocate(&blog, "WEB_PORT", None).port.port, port(8002));
    assert_eq!(lines(&blog), ["DB_PORT=8000", "ADMIN_PORT=8001", "WEB_PORT=8002"]);
    assert_eq!(machine.owner(8001).as_deref(), Some("ADMIN_PORT of blog (~/blog)"));
    assert_eq!(machine.owner(8000).as_deref(), Some("WEB_PORT of shop (~/shop)"));
}

#[test]
fn a_full_range_overflows_into_the_next_hundred() {
    let machine = Machine::new();
    let given: Vec<u16> = (0..13)
        .map(|number| {
            let shop = machine.project(&format!("shop{number}"), &[]);
            machine.allocate(&shop, "QUEUE_PORT", None).port.port.get()
        })
        .collect();
    assert_eq!(given, (5670..=5680).chain(5700..=5701).collect::<Vec<u16>>());
}

#[test]
fn a_project_that_is_gone_makes_room_in_a_full_range() {
    let machine = Machine::new();
    let (gone, unplugged) = (machine.project("gone", &[]), machine.project("disk/shop", &[]));
    machine.allocate(&gone, "QUEUE_PORT", None);
    machine.allocate(&gone, "WEB_PORT", None);
    machine.allocate(&unplugged, "QUEUE_PORT", None);
    let shop = machine.project("shop", &[]);
    for number in 2..=10 {
        machine.allocate(&shop, &format!("QUEUE_PORT{number}"), None);
    }
    fs::remove_dir_all(gone.as_path()).unwrap();
    fs::remove_dir_all(machine.directory.join("disk")).unwrap();
    let blog = machine.project("blog", &[]);
    assert_eq!(machine.allocate(&blog, "API_PORT", None).cleaned, [], "its range is not full");
    let allocated = machine.allocate(&blog, "QUEUE_PORT", None);
    assert_eq!(allocated.port.port, port(5670));
    let cleaned: Vec<_> = allocated.cleaned.iter().map(|it| (it.project.as_str(), it.ports.len())).collect();
    assert_eq!(cleaned, [("gone", 2)]);
    assert_eq!(machine.owner(8000), None);
    assert!(machine.owner(5671).is_some(), "its disk may come back");
    assert_eq!(machine.allocate(&blog, "QUEUE_PORT2", None).port.port, port(5700), "nobody else is gone");
}

#[test]
fn a_full_range_is_an_error_that_names_who_holds_it() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    for number in 1..=8 {
        machine.allocate(&shop, &format!("QUEUE_PORT{number}"), None);
    }
    for number in (5678..=5678).chain(5700..=5799) {
        machine.listen(number);
    }
    for _ in 0..2 {
        get_port(&machine.context, Service::Queue, None, None).unwrap();
    }
    let before = fs::read(machine.context.store.path()).unwrap();
    let full = allocate(&machine.context, &shop, &variable("QUEUE_PORT"), None, None).unwrap_err();
    let text = full.to_string().replace(machine.directory.to_str().unwrap(), "~");
    insta::assert_snapshot!(text, @"no port is left for service queue: all of 5670 to 5680 and 5700 to 5799 are taken: shop in ~/shop has 5670-5677; reserved for a few minutes are 5679-5680; programs without a project listen on 5678, 5700-5799");
    assert!(full.help().unwrap().contains("`port-manager set VARIABLE=PORT`"));
    assert_eq!(fs::read(machine.context.store.path()).unwrap(), before);
    assert!(!read(&shop, ".ports.env").contains("QUEUE_PORT="));

    // And that is the way out.
    fs::write(shop.as_path().join(".ports.env"), read(&shop, ".ports.env") + "QUEUE_PORT=45670\n").unwrap();
    let chosen = allocate(&machine.context, &shop, &variable("QUEUE_PORT"), None, None).unwrap();
    assert_eq!(chosen.port.port, port(45670));
}
