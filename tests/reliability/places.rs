//! Where projects and the registry may lie: each place has a defined answer

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::home::Home;
use crate::names;

/// Sets up the project of a directory; its root and its ports.
fn init(home: &Home, directory: &str) -> (String, Vec<u64>) {
    let ran = home.run(directory, &["init", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let printed = ran.json();
    let ports = printed["ports"].as_array().unwrap().iter().map(|port| port["port"].as_u64().unwrap());
    (printed["root"].as_str().unwrap().to_owned(), ports.collect())
}

fn git(directory: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=x", "-c", "user.email=x", "-c", "commit.gpgsign=false"]).args(arguments);
    let output = git
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_git_worktree_is_a_project_of_its_own_wherever_it_lies() {
    let home = Home::new();
    home.write("shop/src/server.js", "app.listen(process.env.WEB_PORT)\n");
    git(&home.path("shop"), &["init", "-q"]);
    git(&home.path("shop"), &["add", "."]);
    git(&home.path("shop"), &["commit", "-q", "-m", "x"]);
    git(&home.path("shop"), &["worktree", "add", "-q", "../fix"]);
    git(&home.path("shop"), &["worktree", "add", "-q", ".worktrees/inside"]);
    let (main, main_ports) = init(&home, "shop/src");
    let (beside, beside_ports) = init(&home, "fix/src");
    let (inside, inside_ports) = init(&home, "shop/.worktrees/inside/src");
    let path = |name: &str| home.path(name).to_str().unwrap().to_owned();
    assert_eq!([main, beside, inside], [path("shop"), path("fix"), path("shop/.worktrees/inside")]);
    assert!(main_ports != beside_ports && beside_ports != inside_ports && main_ports != inside_ports);
    // Each has its own file, which git ignores.
    for directory in ["shop", "fix", "shop/.worktrees/inside"] {
        git(&home.path(directory), &["check-ignore", "-q", ".ports.env"]);
    }
}

#[test]
fn what_another_checkout_has_is_one_line_and_not_wrong() {
    let home = Home::new();
    // Numbers that nothing listens on, so that the first checkout gets them.
    let (web, db) = (crate::home::unused_port(), crate::home::unused_port());
    home.write("shop/.ports.env.example", format!("WEB_PORT={web}\nDB_PORT={db}\n"));
    home.write("shop/server.js", "listen(process.env.WEB_PORT); connect(process.env.DB_PORT)\n");
    git(&home.path("shop"), &["init", "-q"]);
    git(&home.path("shop"), &["add", "."]);
    git(&home.path("shop"), &["commit", "-q", "-m", "x"]);
    assert_eq!(init(&home, "shop").1, [u64::from(web), u64::from(db)]);
    git(&home.path("shop"), &["worktree", "add", "-q", "../fix"]);
    git(&home.path("shop"), &["worktree", "add", "-q", ".worktrees/inside"]);
    git(&home.path(""), &["clone", "-q", "shop", "clone"]);
    git(&home.path(""), &["clone", "-q", "shop", "second"]);
    let shop = home.path("shop").display().to_string();
    let line = format!("{web} and {db} belong to {shop}, which is another checkout: this one gets others.\n");
    for checkout in ["fix", "shop/.worktrees/inside", "clone", "second"] {
        let ran = home.run(checkout, &["init"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stderr.contains(&line) && !ran.stderr.contains("warning"), "{}", ran.stderr);
        assert_eq!(ran.stderr.matches(&shop).count(), 1, "{}", ran.stderr);
    }
    let doctor = |directory: &str| home.run(directory, &["doctor", "--json"]).json();
    assert_eq!(doctor("shop")["findings"], serde_json::json!([]), "{:?}", doctor("shop"));
    // A project that is not one of these is named.
    home.write("blog/.ports.env.example", format!("WEB_PORT={web}\n"));
    let ran = home.run("blog", &["init"]);
    let line = format!("{web} belongs to {shop}, another project: this one gets another.\n");
    assert!(ran.stderr.contains(&line), "{}", ran.stderr);
    // A worktree that was removed is the normal case, too.
    git(&home.path("shop"), &["worktree", "remove", "--force", "../fix"]);
    let after = doctor("shop");
    let finding = &after["findings"][0];
    assert_eq!((&finding["kind"], &finding["is_problem"]), (&"project-gone".into(), &false.into()));
}

#[test]
fn a_home_with_a_ports_env_or_a_repository_captures_nothing_below() {
    let home = Home::new();
    home.write(".ports.env", "WEB_PORT=1\n")
        .write(".git/HEAD", "")
        .write("package.json", "{}")
        .write("scratch/notes/server.js", "app.listen(process.env.WEB_PORT)\n")
        .write("code/shop/package.json", "{}")
        .write("code/shop/src/server.js", "app.listen(process.env.WEB_PORT)\n")
        .write("code/repo/.git/HEAD", "")
        .write("code/repo/src/server.js", "app.listen(process.env.WEB_PORT)\n");
    for (directory, root) in
        [("scratch/notes", "scratch/notes"), ("code/shop/src", "code/shop"), ("code/repo/src", "code/repo")]
    {
        assert_eq!(init(&home, directory).0, home.path(root).to_str().unwrap());
    }
}

#[test]
fn a_package_of_a_monorepo_with_a_ports_env_of_its_own_is_a_project_of_its_own() {
    let home = Home::new();
    home.write("mono/.git/HEAD", "")
        .write("mono/web/server.js", "app.listen(process.env.WEB_PORT)\n")
        .write("mono/api/server.js", "app.listen(process.env.API_PORT)\n")
        .write("mono/api/.ports.env", "");
    let (root, web) = init(&home, "mono/web");
    assert_eq!((Path::new(&root), web.len()), (home.path("mono").as_path(), 1));
    let (root, api) = init(&home, "mono/api");
    assert_eq!((Path::new(&root), api.len()), (home.path("mono/api").as_path(), 1));
    assert!(!home.path("mono/web/.ports.env").exists());
}

#[test]
fn names_with_spaces_quotes_newlines_and_emoji_are_names() {
    let home = Home::new();
    let mut given = Vec::new();
    for name in ["my shop", "it's", "\u{1F980} é", "a\"b\\c", "-rf", "line\nbreak", "$(id)"] {
        home.directory(name);
        let (root, ports) = init(&home, name);
        assert_eq!(Path::new(&root), home.path(name));
        assert_eq!(init(&home, name).1, ports);
        let shown = home.run("", &["show", "--json", "--", name]);
        assert_eq!(shown.json()["root"], root.as_str(), "{}", shown.stderr);
        given.extend(ports);
    }
    given.sort_unstable();
    let count = given.len();
    given.dedup();
    assert_eq!(given.len(), count);
    assert_eq!(home.run("my shop", &["doctor"]).code, Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_unicode_is_refused_and_nothing_is_written() {
    use std::os::unix::ffi::OsStrExt as _;
    let home = Home::new();
    let directory = home.path("").join(std::ffi::OsStr::from_bytes(b"sh\xffp"));
    fs::create_dir(&directory).unwrap();
    for arguments in [&["init"][..], &["doctor"]] {
        let output = home.command("", arguments).current_dir(&directory).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!output.status.success());
        assert!(format!("{stdout}{stderr}").contains("is not valid Unicode"), "{stdout}{stderr}");
    }
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
    assert!(!home.path("config/registry.json").exists());
}

#[cfg(unix)]
#[test]
fn a_project_is_the_same_by_whatever_path_it_is_reached() {
    use std::os::unix::fs::symlink;
    let home = Home::new();
    home.directory("code/shop");
    symlink(home.path("code"), home.path("link")).unwrap();
    symlink(home.path("code/shop"), home.path("code/alias")).unwrap();
    let first = init(&home, "code/shop");
    assert_eq!(init(&home, "link/shop"), first);
    assert_eq!(init(&home, "code/alias"), first);
    let registry: Value = serde_json::from_str(&home.read("config/registry.json")).unwrap();
    assert_eq!(registry["projects"].as_object().unwrap().len(), 1);
}

#[test]
fn a_moved_project_keeps_its_ports_with_its_file_and_is_offered_them_without() {
    let home = Home::new();
    home.directory("old/shop");
    let (_, ports) = init(&home, "old/shop");
    home.directory("new");
    fs::rename(home.path("old/shop"), home.path("new/store")).unwrap();
    assert_eq!(init(&home, "new/store").1, ports);

    // A fresh clone has no .ports.env, as git ignores it.
    home.directory("clone/store");
    fs::remove_dir_all(home.path("new/store")).unwrap();
    let offered = home.run("clone/store", &["init", "--json"]);
    let former = home.path("new/store").display().to_string();
    assert!(offered.stderr.contains(&format!("{former} is gone and has")), "{}", offered.stderr);
    assert!(offered.stderr.contains(&format!("init --take-over {former} ")), "{}", offered.stderr);
    let taken = home.run("clone/store", &["init", "--take-over", &former, "--json"]);
    assert_eq!(taken.code, Some(0), "{}", taken.stderr);
    assert_eq!(init(&home, "clone/store").1, ports);
    let unknown = home.run("clone/store", &["init", "--take-over", "/not/there"]);
    assert_eq!(unknown.code, Some(2));
}

/// Runs a command as somebody who is not root, whom file modes do not stop.
#[cfg(unix)]
fn run_unprivileged(home: &Home, directory: &str, arguments: &[&str]) -> (Option<i32>, String) {
    use std::os::unix::fs::{MetadataExt as _, chown};
    use std::os::unix::process::CommandExt as _;
    let mut command = home.command(directory, arguments);
    // Whose a new file is, that are we.
    if tempfile::tempfile().unwrap().metadata().unwrap().uid() == 0 {
        fn give(path: &Path) {
            std::os::unix::fs::lchown(path, Some(65534), Some(65534)).unwrap();
            if path.is_dir() && !path.is_symlink() {
                fs::read_dir(path).unwrap().for_each(|entry| give(&entry.unwrap().path()));
            }
        }
        for entry in fs::read_dir(home.path("")).unwrap() {
            give(&entry.unwrap().path());
        }
        chown(home.path(""), Some(65534), Some(65534)).unwrap();
        // The program itself may lie where only root may look.
        let program = home.path("the-program");
        if !program.exists() {
            fs::copy(assert_cmd::cargo::cargo_bin!("port-manager"), &program).unwrap();
        }
        let mut unprivileged = Command::new(program);
        unprivileged.args(arguments).current_dir(home.path(directory)).uid(65534).gid(65534).env_clear();
        for (name, value) in command.get_envs().filter_map(|(name, value)| Some((name, value?))) {
            unprivileged.env(name, value);
        }
        command = unprivileged;
    }
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[cfg(unix)]
#[test]
fn a_home_that_is_read_only_is_said_and_can_be_looked_at() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let shop = home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.directory("blog");
    let protect = |mode| fs::set_permissions(home.path("config"), fs::Permissions::from_mode(mode)).unwrap();
    protect(0o555);
    let (code, stderr) = run_unprivileged(&home, "blog", &["init", "."]);
    let expected = format!(
        "error: cannot change the registry: {}: Permission denied (os error 13)\n\
         help: Make it writable, or set PORT_MANAGER_CONFIG_DIR to a directory that is.\n",
        home.path("config/registry.lock").display()
    );
    assert_eq!((code, stderr), (Some(2), expected));
    assert_eq!(names(&home.path("blog")), [""; 0], "nothing was written to the project either");
    for looking in [&["show", "shop"][..], &["status"], &["check", "shop"], &["clean", "--dry-run"]] {
        let (code, stderr) = run_unprivileged(&home, "", looking);
        assert_eq!(code, Some(0), "{looking:?}: {stderr}");
    }
    assert_eq!(run_unprivileged(&home, "", &["doctor"]).0, Some(1));
    protect(0o755);

    // A project that may not be written keeps what the registry gives it, and gets its file later.
    let protect = |mode| fs::set_permissions(&shop, fs::Permissions::from_mode(mode)).unwrap();
    home.write("shop/server.js", "app.listen(process.env.ADMIN_PORT)\n");
    protect(0o555);
    let (code, stderr) = run_unprivileged(&home, "shop", &["init", "."]);
    // The file that was meant is named, and not the temporary one beside it.
    let expected = format!("error: cannot write {}: permission denied\n", shop.join(".ports.env").display());
    assert_eq!((code, stderr), (Some(2), expected));
    // Nor does it lose a number that its file still names.
    assert_eq!(run_unprivileged(&home, "shop", &["unset", "WEB_PORT"]).0, Some(2));
    assert!(home.read("config/registry.json").contains("\"WEB_PORT\""));
    protect(0o755);
    assert_eq!(home.read("shop/.ports.env"), "WEB_PORT=8000\n", "the old file, whole");
    assert_eq!(run_unprivileged(&home, "shop", &["init", "."]).0, Some(0));
    assert!(home.read("shop/.ports.env").contains("\nADMIN_PORT="));

    home.write("blog/server.js", "app.listen(process.env.BLOG_PORT)\n");
    assert_eq!(run_unprivileged(&home, "blog", &["init", "."]).0, Some(0));
    let protect = |mode| fs::set_permissions(home.path("blog"), fs::Permissions::from_mode(mode)).unwrap();
    protect(0o555);
    assert_eq!(run_unprivileged(&home, "blog", &["deinit", "--yes"]).0, Some(2));
    assert!(home.read("config/registry.json").contains("\"BLOG_PORT\""));
    protect(0o755);
}

/// Where the tests do not run as root, this shows that the files are their own user's, as ever.
#[cfg(unix)]
#[test]
fn what_root_writes_through_sudo_stays_the_users() {
    use std::os::unix::fs::MetadataExt as _;
    let home = Home::new();
    home.directory("shop");
    assert_eq!(run_unprivileged(&home, "shop", &["init", "."]).0, Some(0));
    let owner = fs::metadata(home.path("")).unwrap().uid();
    home.write("shop/server.js", "app.listen(process.env.ADMIN_PORT)\n");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0), "as root");
    for file in
        ["config/registry.json", "config/registry.json.bak", "shop/.ports.env", "shop/.ports.env.example"]
    {
        assert_eq!(fs::metadata(home.path(file)).unwrap().uid(), owner, "{file}");
    }
    assert_eq!(run_unprivileged(&home, "shop", &["init", "."]).0, Some(0), "the user can go on");
}

/// A user may have put a link in the place of each file that root will write in the user's home. Where the
/// tests do not run as root, this shows that a user's own links are not followed either.
#[cfg(unix)]
#[test]
fn links_in_a_users_home_lead_root_nowhere() {
    use std::os::unix::fs::{MetadataExt as _, symlink};
    let home = Home::new();
    home.write("shop/.ports.env.example", "WEB_PORT=\n");
    assert_eq!(run_unprivileged(&home, "shop", &["init", "."]).0, Some(0));
    // Everything in the home is the user's by now, and this is not in it.
    let elsewhere = tempfile::tempdir().unwrap();
    let victim = elsewhere.path().join("victim");
    fs::write(&victim, "root's own").unwrap();
    let owner = fs::metadata(&victim).unwrap().uid();
    for file in
        ["config/registry.lock", "config/registry.json.bak", "shop/.ports.env", "shop/.ports.env.example"]
    {
        home.write("shop/server.js", format!("app.listen(process.env.PORT_{})\n", file.len()));
        let (path, aside) = (home.path(file), home.path("aside"));
        fs::rename(&path, &aside).unwrap();
        symlink(&victim, &path).unwrap();
        let ran = home.run("shop", &["init", "."]);
        assert_eq!(ran.code, Some(2), "{file}: {}", ran.stderr);
        let link = format!("is a symbolic link to {}", victim.display());
        assert!(ran.stderr.contains(&link), "{file}: {}", ran.stderr);
        assert_eq!(fs::read_to_string(&victim).unwrap(), "root's own", "{file}");
        assert_eq!(fs::metadata(&victim).unwrap().uid(), owner, "{file}");
        fs::rename(&aside, &path).unwrap();
        assert_eq!(home.run("shop", &["init", "."]).code, Some(0), "{file}");
    }
}
