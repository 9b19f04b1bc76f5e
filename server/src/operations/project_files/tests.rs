use tempfile::TempDir;

use super::*;
use crate::project::map::{MappedPort, Memory, PortMap};

/// A project on disk, and its files as they were last read.
struct Shop {
    directory: TempDir,
    files: ProjectFiles,
    map: Arc<PortMap>,
}

impl Shop {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join(".git")).unwrap();
        for (path, text) in files {
            write(directory.path(), path, text);
        }
        let mut shop = Self { directory, files: ProjectFiles::default(), map: Arc::default() };
        (shop.files, shop.map) = shop.of_nothing();
        shop
    }

    fn of_nothing(&self) -> (ProjectFiles, Arc<PortMap>) {
        let root = ProjectRoot::exact(self.directory.path()).unwrap();
        let files = ProjectFiles::read(&root, MOST_ENTRIES, &OpenSurveys::new(), Packs::built_in());
        let map = PortMap::of_shared(files.places().cloned(), Memory::default(), files.survey().clone());
        (files, Arc::new(map))
    }

    /// Reads again what was touched; the files whose places are others now.
    fn refresh(&mut self, touched: &Touched, open: &OpenSurveys) -> Vec<String> {
        let refreshed = self.files.refresh(touched, open, Packs::built_in());
        let mut changed: Vec<String> =
            refreshed.files.iter().map(|(path, _)| path.display().to_string()).collect();
        changed.sort();
        self.map = self.map.updated(refreshed.files, Memory::default(), refreshed.survey);
        changed
    }

    fn touched(paths: &[&str]) -> Touched {
        let mut touched = Touched::default();
        paths.iter().for_each(|path| touched.add(path.into()));
        touched
    }
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const LISTENS: &str = "app.listen(3000);\n";
const CONNECTS: &str = "fetch('http://localhost:3000/');\n";

/// What can happen to a project: what is touched, and how.
type Step = (&'static [&'static str], fn(&Path));

/// Every kind of change, one after the other.
const STEPS: &[Step] = &[
    (&["api/server.js"], |root| write(root, "api/server.js", "app.listen(4000);\n")),
    (&["api/client.js"], |root| write(root, "api/client.js", CONNECTS)),
    (&["web/src/app.js"], |root| fs::remove_file(root.join("web/src/app.js")).unwrap()),
    // A directory that was not there, reported alone or by a file in it.
    (&["jobs"], |root| write(root, "jobs/nightly/run.js", CONNECTS)),
    (&["tools/one/two/x.js"], |root| write(root, "tools/one/two/x.js", LISTENS)),
    (&["jobs", "work"], |root| fs::rename(root.join("jobs"), root.join("work")).unwrap()),
    (&["tools"], |root| fs::remove_dir_all(root.join("tools")).unwrap()),
    // What decides which files belong to the project.
    (&["api/.gitignore"], |root| write(root, "api/.gitignore", "client.js\n")),
    (&["api/client.js"], |root| write(root, "api/client.js", "app.listen(5000);\n")),
    (&["api/.gitignore"], |root| fs::remove_file(root.join("api/.gitignore")).unwrap()),
    (&["work/nightly/.ports.env"], |root| write(root, "work/nightly/.ports.env", "WEB_PORT=8000\n")),
    (&["work/nightly/.ports.env"], |root| fs::remove_file(root.join("work/nightly/.ports.env")).unwrap()),
    (&["examples/usage/x.js"], |root| write(root, "examples/usage/x.js", CONNECTS)),
    (&["examples/usage/package.json"], |root| write(root, "examples/usage/package.json", "{}")),
    (&["examples/usage/package.json"], |root| {
        fs::remove_file(root.join("examples/usage/package.json")).unwrap()
    }),
    (&["work/.git"], |root| write(root, "work/.git/HEAD", "ref: refs/heads/main\n")),
    // What decides where code runs, and what is one component.
    (&["web/package.json"], |root| {
        write(root, "web/package.json", r#"{"name": "store", "dependencies": {"vite": "7"}}"#)
    }),
    (&["web/src/api.js"], |root| write(root, "web/src/api.js", CONNECTS)),
    (&["web/package.json"], |root| write(root, "web/package.json", r#"{"name": "store"}"#)),
    (&["web/package.json"], |root| fs::remove_file(root.join("web/package.json")).unwrap()),
    (&["conf/nginx.conf"], |root| write(root, "conf/nginx.conf", "server { listen 3000; }\n")),
    (&["compose.yaml"], |root| {
        write(
            root,
            "compose.yaml",
            "services:\n  proxy:\n    image: nginx\n    volumes: [./conf/nginx.conf:/etc/nginx.conf]\n",
        )
    }),
    (&["compose.yaml"], |root| fs::remove_file(root.join("compose.yaml")).unwrap()),
    (&["Procfile"], |root| write(root, "Procfile", "web: rails s\n")),
    (&["Procfile"], |root| write(root, "Procfile", "web: true\n")),
    // Nothing that is understood, or nothing that can be read.
    (&["api/server.js"], |root| write(root, "api/server.js", "\0\0\0")),
    (&["api/server.js"], |root| write(root, "api/server.js", LISTENS)),
    (&["notes.txt"], |root| write(root, "notes.txt", "port 3000\n")),
];

fn shop() -> Shop {
    Shop::new(&[("api/server.js", LISTENS), ("web/src/app.js", CONNECTS), ("api/package.json", "{}")])
}

fn ports(map: &PortMap) -> &[MappedPort] {
    map.ports()
}

#[test]
fn after_each_change_the_map_is_the_one_that_is_made_of_nothing() {
    let mut by_path = shop();
    for (number, (touched, change)) in STEPS.iter().enumerate() {
        change(by_path.directory.path());
        by_path.refresh(&Shop::touched(touched), &OpenSurveys::new());
        let (files, map) = by_path.of_nothing();
        assert_eq!(ports(&by_path.map), ports(&map), "step {number}: {touched:?}");
        assert_eq!(by_path.files.directories, files.directories, "step {number}: {touched:?}");
    }
}

#[test]
fn a_look_at_everything_finds_each_change_too() {
    let mut shop = shop();
    for (number, (_, change)) in STEPS.iter().enumerate() {
        change(shop.directory.path());
        shop.refresh(&Touched::everything(), &OpenSurveys::new());
        assert_eq!(ports(&shop.map), ports(&shop.of_nothing().1), "step {number}");
    }
}

#[test]
fn all_changes_at_once_are_one_refresh() {
    let mut shop = shop();
    STEPS.iter().for_each(|(_, change)| change(shop.directory.path()));
    let touched: Vec<&str> = STEPS.iter().flat_map(|(touched, _)| touched.iter().copied()).collect();
    shop.refresh(&Shop::touched(&touched), &OpenSurveys::new());
    assert_eq!(ports(&shop.map), ports(&shop.of_nothing().1));
}

#[test]
fn a_file_with_the_same_text_changes_nothing() {
    let mut shop = shop();
    let before = Arc::clone(&shop.map);
    write(shop.directory.path(), "api/server.js", LISTENS);
    assert_eq!(shop.refresh(&Shop::touched(&["api/server.js"]), &OpenSurveys::new()), [""; 0]);
    assert_eq!(shop.refresh(&Touched::everything(), &OpenSurveys::new()), [""; 0]);
    assert!(Arc::ptr_eq(&before, &shop.map));
}

#[test]
fn a_compose_file_that_is_open_decides_before_the_one_on_disk() {
    let mut shop = shop();
    write(shop.directory.path(), "conf/nginx.conf", "server { listen 3000; }\n");
    write(shop.directory.path(), "compose.yaml", "services: {}\n");
    let touched = Shop::touched(&["compose.yaml", "conf"]);
    assert_eq!(shop.refresh(&touched, &OpenSurveys::new()), ["conf/nginx.conf"]);
    let path = Path::new("compose.yaml");
    let mut survey = Survey::default();
    survey.add(
        path,
        "services:\n  proxy:\n    image: nginx\n    volumes: [./conf/nginx.conf:/etc/nginx.conf]\n",
    );
    let open = OpenSurveys::from([(Arc::from(path), survey)]);
    // The proxy listens in a container now.
    assert_eq!(shop.refresh(&touched, &open), ["conf/nginx.conf"]);
    assert_eq!(shop.refresh(&touched, &OpenSurveys::new()), ["conf/nginx.conf"]);
    assert_eq!(ports(&shop.map), ports(&shop.of_nothing().1));
}

#[test]
fn only_what_was_left_alone_for_a_while_is_not_read_again() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let settled = Settled::of(&fs::metadata(&manifest).unwrap());
    let file = |settled| ReadFile { settled, ..ReadFile::default() };
    assert!(settled.is_some() && !file(settled).may_have_changed(&manifest));
    assert!(file(None).may_have_changed(&manifest));
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "Cargo.toml", "");
    assert!(file(settled).may_have_changed(&directory.path().join("Cargo.toml")));
    assert!(file(settled).may_have_changed(&directory.path().join("none")));
}
