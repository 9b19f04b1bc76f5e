//! A project's own running server is in nobody's way.

use std::fs;

use serde_json::Value;

use port_manager::operations::{self, Context};
use port_manager::port::Port;
use port_manager::project::ProjectRoot;
use port_manager::registry::Store;

use crate::home::Home;
use crate::process::ChildProcess;

/// What a project is given that asks for that port.
fn allocate(home: &Home, project: &str, port: u16) -> Value {
    let context = Context::on_this_machine(Store::at(&home.path("config")));
    let root = ProjectRoot::exact(&home.path(project)).unwrap();
    let variable = "WEB_PORT".parse().unwrap();
    let done = operations::allocate(&context, &root, &variable, None, Port::new(port)).unwrap();
    serde_json::to_value(done).unwrap()
}

#[test]
fn the_port_of_a_project_s_own_server_is_registered_while_it_runs() {
    let home = Home::new();
    let mut server = ChildProcess::server(&home.directory("shop/web"));
    let done = allocate(&home, "shop", server.port);
    assert_eq!((&done["port"], &done["refused"]), (&server.port.into(), &Value::Null));
    assert_eq!(home.read("shop/.ports.env").lines().last(), Some(&*format!("WEB_PORT={}", server.port)));
    assert!(server.is_alive());
}

#[test]
fn the_port_of_another_s_server_is_refused() {
    let home = Home::new();
    let directories = [
        // Beside the project, with a name that begins like its own.
        "shopping",
        // In a project of its own, inside of this one.
        "shop/blog/src",
    ];
    home.directory("shop");
    home.write("shop/blog/.ports.env", "");
    for directory in directories {
        let server = ChildProcess::server(&home.directory(directory));
        let done = allocate(&home, "shop", server.port);
        assert_ne!(done["port"], server.port, "{directory}");
        assert_eq!(done["refused"]["reason"], "a program listens there", "{directory}");
        fs::remove_dir_all(home.path("config")).unwrap();
        fs::remove_file(home.path("shop/.ports.env")).unwrap();
    }
}

/// Once it is clear that two listen there, and one of them is not the project's.
#[test]
fn a_port_that_is_shared_with_another_is_refused() {
    let home = Home::new();
    let own = ChildProcess::server(&home.directory("shop"));
    let Ok(_other) = std::net::TcpListener::bind(("127.0.0.2", own.port)) else {
        return crate::not_possible("two listeners on one port", "127.0.0.2 is no address of this machine");
    };
    assert_ne!(allocate(&home, "shop", own.port)["port"], own.port);
}
