//! Ports without a project, for a short time

use super::*;

#[test]
fn two_reservations_are_two_ports_until_they_expire() {
    let machine = Machine::new();
    let reserve = |preferred| get_port(&machine.context, Service::Api, preferred).unwrap();
    let first = reserve(None);
    assert_eq!((first.port, first.expires_at.to_string().as_str()), (port(8100), "2026-11-23T12:05:00Z"));
    assert_eq!(reserve(None).port, port(8101));
    let third = reserve(Some(port(8100)));
    assert_eq!((third.port, third.refused.unwrap().reason.as_str()), (port(8102), "it is reserved"));
    let later = machine.at(ten_past_noon);
    assert_eq!(get_port(&later, Service::Api, None).unwrap().port, port(8100));
}

#[test]
fn who_writes_a_reserved_number_down_keeps_it() {
    let machine = Machine::new();
    let reserved = get_port(&machine.context, Service::Api, None).unwrap().port;
    let shop = machine.project("shop", &[(".ports.env", &format!("API_PORT={reserved}\n"))]);
    assert_eq!(ports(&machine.init(&shop)), ["API_PORT=8100 new"]);
    assert_eq!(machine.context.store.load().unwrap().reservations().count(), 0);
}
