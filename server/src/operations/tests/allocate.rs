//! One variable at a time

use super::*;

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
fn a_full_range_is_an_error_that_names_who_holds_it() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    for number in 1..=8 {
        machine.allocate(&shop, &format!("QUEUE_PORT{number}"), None);
    }
    machine.listen(5678);
    for _ in 0..2 {
        get_port(&machine.context, Service::Queue, None, None).unwrap();
    }
    let before = fs::read(machine.context.store.path()).unwrap();
    let full = allocate(&machine.context, &shop, &variable("QUEUE_PORT"), None, None).unwrap_err();
    let text = full.to_string().replace(machine.directory.to_str().unwrap(), "~");
    insta::assert_snapshot!(text, @"no port is left for service queue: all of 5670 to 5680 are taken: shop in ~/shop has 5670, 5671, 5672, 5673, 5674, 5675, 5676, 5677; reserved for a few minutes are 5679, 5680; programs without a project listen on 5678");
    assert!(full.help().unwrap().contains("port-manager clean"));
    assert_eq!(fs::read(machine.context.store.path()).unwrap(), before);
    assert!(!read(&shop, ".ports.env").contains("QUEUE_PORT="));
}
