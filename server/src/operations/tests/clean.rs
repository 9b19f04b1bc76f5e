//! What is gone, and what may come back

use super::*;

#[test]
fn cleaning_removes_what_is_gone_and_keeps_what_may_come_back() {
    let machine = Machine::new();
    let (gone, stays) = (machine.project("gone", &[]), machine.project("stays", &[]));
    let unplugged = machine.project("disk/shop", &[]);
    for root in [&gone, &stays, &unplugged] {
        machine.allocate(root, "WEB_PORT", None);
    }
    get_port(&machine.context, Service::Api, None, None).unwrap();
    fs::remove_dir_all(gone.as_path()).unwrap();
    fs::remove_dir_all(machine.directory.join("disk")).unwrap();

    let later = machine.at(ten_past_noon);
    let before = fs::read(later.store.path()).unwrap();
    let planned = clean(&later, true).unwrap();
    assert_eq!(fs::read(later.store.path()).unwrap(), before);
    let names = |projects: &[CleanedProject]| -> Vec<String> {
        projects.iter().map(|it| it.project.clone()).collect()
    };
    assert_eq!(names(&planned.projects), ["gone"]);
    assert_eq!(names(&planned.kept), ["shop"]);
    assert_eq!(planned.reservations.iter().map(|it| it.port).collect::<Vec<_>>(), [port(8100)]);

    let done = clean(&later, false).unwrap();
    assert_eq!(Cleaned { dry_run: true, ..done }, planned);
    assert_eq!(machine.owner(8000), None);
    assert_eq!(machine.owner(8001).as_deref(), Some("WEB_PORT of stays (~/stays)"));
    assert_eq!(machine.owner(8002).as_deref(), Some("WEB_PORT of shop (~/disk/shop)"));
    assert!(!fs::read_to_string(later.store.path()).unwrap().contains("8100"));

    let nothing = clean(&later, false).unwrap();
    assert!(nothing.projects.is_empty() && nothing.reservations.is_empty());
}
