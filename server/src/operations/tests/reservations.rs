//! Ports without a project, for a short time

use super::*;

#[test]
fn two_reservations_are_two_ports_until_they_expire() {
    let machine = Machine::new();
    let reserve = |preferred| get_port(&machine.context, Service::Api, preferred, None).unwrap();
    let first = reserve(None);
    assert_eq!((first.port, first.expires_at.to_string().as_str()), (port(8100), "2026-11-23T12:05:00Z"));
    assert_eq!(reserve(None).port, port(8101));
    let third = reserve(Some(port(8100)));
    assert_eq!(
        (third.port, third.refused.unwrap().reason.as_str()),
        (port(8102), "it is held by a reservation for api (5 more minutes)")
    );
    let later = machine.at(ten_past_noon);
    assert_eq!(get_port(&later, Service::Api, None, None).unwrap().port, port(8100));
}

#[test]
fn a_project_that_is_gone_makes_room_for_a_reservation() {
    let machine = Machine::new();
    let (gone, shop) = (machine.project("gone", &[]), machine.project("shop", &[]));
    machine.allocate(&gone, "QUEUE_PORT", None);
    for number in 2..=11 {
        machine.allocate(&shop, &format!("QUEUE_PORT{number}"), None);
    }
    let reserve = |preferred| get_port(&machine.context, Service::Queue, preferred, None).unwrap();
    fs::remove_dir_all(gone.as_path()).unwrap();
    let wished = reserve(Some(port(45670)));
    assert_eq!((wished.port, wished.cleaned), (port(45670), vec![]), "the wish needs no room");

    let reserved = reserve(None);
    assert_eq!(reserved.port, port(5670));
    let cleaned: Vec<_> = reserved.cleaned.iter().map(|it| it.project.as_str()).collect();
    assert_eq!(cleaned, ["gone"]);
    assert_eq!(reserve(None).port, port(5700), "nobody else is gone");
}

#[test]
fn a_reserved_number_is_for_the_project_that_it_was_reserved_in() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[(".ports.env", "")]);
    fs::create_dir_all(shop.as_path().join("src/web")).unwrap();
    let reserve = |directory: &Path| get_port(&machine.context, Service::Api, None, Some(directory)).unwrap();
    let reserved = reserve(&shop.as_path().join("src/web"));
    assert_eq!((reserved.port, reserved.directory.as_deref()), (port(8100), shop.key().ok()));

    // Somebody else's line that names it is not obeyed, nor is somebody else's wish.
    let blog = machine.project("blog", &[(".ports.env", "API_PORT=8100\n")]);
    let reason = "it is held by a reservation for api (get-port in ~/shop, 5 more minutes)";
    let seen = |text: &str| text.replace(machine.directory.to_str().unwrap(), "~");
    assert_eq!(seen(&ports(&machine.init(&blog))[0]), format!("API_PORT=8101 new, 8100 refused: {reason}"));
    let refused = machine.allocate(&blog, "ADMIN_PORT", Some(8100)).port.refused.unwrap();
    assert_eq!(seen(&refused.reason), reason);
    assert!(machine.context.store.load().unwrap().reservations().any(|(held, _)| held == port(8100)));

    // The project's own line, its own wish, and nothing that it did not ask for.
    fs::write(shop.as_path().join(".ports.env"), "API_PORT=8100\n").unwrap();
    assert_eq!(ports(&machine.init(&shop)), ["API_PORT=8100 new"]);
    let second = reserve(shop.as_path()).port;
    assert_ne!(machine.allocate(&shop, "RPC_PORT", None).port.port, second);
    let wished = machine.allocate(&shop, "GRPC_PORT", Some(second.get())).port;
    assert_eq!((wished.port, wished.refused), (second, None));
    assert_eq!(machine.context.store.load().unwrap().reservations().count(), 0);
}

#[test]
fn a_reservation_in_no_project_is_its_directorys() {
    let machine = Machine::new();
    let shop = machine.project("code/shop", &[]);
    let reserve =
        |directory: &Path| get_port(&machine.context, Service::Api, None, Some(directory)).unwrap().port;
    // A project that begins in the directory has it; one that only lies in it has not.
    let (above, own) = (reserve(&machine.directory.join("code")), reserve(shop.as_path()));
    for (wish, is_refused) in [(above, true), (own, false)] {
        let name = format!("PORT_{wish}");
        let done = machine.allocate(&shop, &name, Some(wish.get()));
        assert_eq!(done.port.refused.is_some(), is_refused, "{done:?}");
    }
}

#[test]
fn an_older_versions_reservation_is_for_whoever_writes_it_down() {
    let machine = Machine::new();
    let reserved = get_port(&machine.context, Service::Api, None, None).unwrap().port;
    let shop = machine.project("shop", &[(".ports.env", &format!("API_PORT={reserved}\n"))]);
    assert_eq!(ports(&machine.init(&shop)), ["API_PORT=8100 new"]);
    assert_eq!(machine.context.store.load().unwrap().reservations().count(), 0);
}
