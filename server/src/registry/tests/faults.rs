//! Every step of a change fails, or is the last that the process lives to see: the registry is the
//! old one or the new one, whole, and the next change works and finds nothing left over.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tempfile::NamedTempFile;

use super::*;
use crate::error::RegistryError;
use crate::files::{Disk, ThisDisk};

/// What happens at the step.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    /// Nothing.
    None,
    /// The system refuses it. A full disk takes half of the bytes before that.
    Refused,
    /// The process dies before it, in the middle of writing where it writes.
    DeathBefore,
    /// The process dies behind it.
    DeathAfter,
}

/// A disk on which something happens at one step of many.
#[derive(Debug)]
struct FaultyDisk {
    fault: Fault,
    at: usize,
    taken: AtomicUsize,
    steps: Mutex<Vec<String>>,
}

impl FaultyDisk {
    fn new(fault: Fault, at: usize) -> Arc<Self> {
        Arc::new(Self { fault, at, taken: AtomicUsize::new(0), steps: Mutex::default() })
    }

    fn steps(&self) -> Vec<String> {
        self.steps.lock().unwrap().clone()
    }

    fn is_dead(&self) -> bool {
        match self.fault {
            Fault::None | Fault::Refused => false,
            Fault::DeathBefore => self.taken.load(Ordering::SeqCst) > self.at,
            Fault::DeathAfter => self.taken.load(Ordering::SeqCst) > self.at + 1,
        }
    }

    /// Whether the step is to be taken; the dead take none.
    fn step(&self, name: &str, path: &Path) -> io::Result<()> {
        let number = self.taken.fetch_add(1, Ordering::SeqCst);
        // The six letters that differ each time.
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = if file.ends_with(".tmp") {
            format!("{}.tmp", &file[..file.len() - ".aB3dE6.port-manager.tmp".len()])
        } else {
            file
        };
        self.steps.lock().unwrap().push(format!("{name} {file}"));
        if self.is_dead() || (self.fault == Fault::Refused && number == self.at) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(())
    }
}

impl Disk for FaultyDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.step("read", path)?;
        ThisDisk.read(path)
    }

    fn open_lock(&self, path: &Path) -> io::Result<File> {
        self.step("lock", path)?;
        ThisDisk.open_lock(path)
    }

    fn create(&self, directory: &Path, builder: &tempfile::Builder<'_, '_>) -> io::Result<NamedTempFile> {
        self.step("create in", directory)?;
        ThisDisk.create(directory, builder)
    }

    fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
        let path = file.path().to_owned();
        let taken = self.step("write", &path);
        if taken.is_err() {
            ThisDisk.write(file, &bytes[..bytes.len() / 2])?;
            file.disable_cleanup(self.is_dead());
        }
        taken?;
        ThisDisk.write(file, bytes)?;
        // Who dies later cleans up no more either.
        file.disable_cleanup(matches!(self.fault, Fault::DeathBefore | Fault::DeathAfter));
        Ok(())
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.step("sync", Path::new("it"))?;
        ThisDisk.sync(file)
    }

    fn rename(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        self.step("rename it to", path)?;
        ThisDisk.rename(file, path)
    }

    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        self.step("sync", directory)?;
        ThisDisk.sync_directory(directory)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step("remove", path)?;
        ThisDisk.remove(path)
    }
}

fn give_api_port(store: &Store) -> Result<()> {
    store.change(|registry| {
        let variable = "API_PORT".parse().unwrap();
        registry.assign("/home/dev/shop", "shop", &variable, port(8100), Service::Api)
    })
}

/// What one change does to the disk, in its order.
fn steps_of_a_change(before: Option<&str>) -> Vec<String> {
    let home = before.map_or_else(Home::empty, Home::with);
    let disk = FaultyDisk::new(Fault::None, 0);
    give_api_port(&home.store.clone().on_disk(disk.clone())).unwrap();
    disk.steps()
}

#[test]
fn bytes_are_synced_before_the_rename_and_the_directory_behind_it() {
    insta::assert_snapshot!(steps_of_a_change(Some(EXAMPLE)).join("\n"), @"
    lock registry.lock
    read registry.json
    create in port-manager
    write .registry.json.bak.tmp
    sync it
    read registry.json
    rename it to registry.json.bak
    sync port-manager
    create in port-manager
    write .registry.json.tmp
    sync it
    read registry.json
    rename it to registry.json
    sync port-manager
    ");
}

const VERSION_1: &str =
    r#"{"ports": {"8000": {"project": "shop", "service": "web"}}, "projects": {"shop": {"web": 8000}}}"#;

#[test]
fn whatever_step_fails_the_registry_is_the_old_one_or_the_new_one_whole() {
    for before in [None, Some(EXAMPLE), Some(VERSION_1)] {
        let new = {
            let home = before.map_or_else(Home::empty, Home::with);
            give_api_port(&home.store).unwrap();
            home.text()
        };
        let steps = steps_of_a_change(before);
        for fault in [Fault::Refused, Fault::DeathBefore, Fault::DeathAfter] {
            for (at, step) in steps.iter().enumerate() {
                let what = format!("{fault:?} at step {at}, {step}, from {before:?}");
                let home = before.map_or_else(Home::empty, Home::with);
                let faulty = home.store.clone().on_disk(FaultyDisk::new(fault, at));
                let failed = give_api_port(&faulty);
                let is_last = at + 1 == steps.len();
                assert_eq!(failed.is_ok(), fault == Fault::DeathAfter && is_last, "{what}");

                let now = fs::read_to_string(home.store.path()).ok();
                assert!(now.as_deref() == before || now.as_ref() == Some(&new), "{what}: {now:?}");
                if let Ok(backup) = fs::read_to_string(home.store.backup_path()) {
                    assert_eq!(backup, before.unwrap_or(&new), "{what}");
                }
                if let Ok(kept) = fs::read_to_string(home.store.version_1_path()) {
                    assert_eq!(Some(kept.as_str()), before, "{what}");
                }

                give_api_port(&home.store).unwrap();
                assert_eq!(home.text(), new, "{what}");
                let mut names: Vec<_> = fs::read_dir(home.store.path().parent().unwrap())
                    .unwrap()
                    .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                    .collect();
                names.sort();
                // The first change makes its backup last, and where that failed, the second makes one.
                names.retain(|name| before.is_some() || name != "registry.json.bak");
                let expected: &[&str] = match before {
                    None => &["registry.json", "registry.lock"],
                    Some(EXAMPLE) => &["registry.json", "registry.json.bak", "registry.lock"],
                    Some(_) => &["registry.json", "registry.json.bak", "registry.lock", "registry.v1.json"],
                };
                assert_eq!(names, expected, "{what}");
            }
        }
    }
}

#[test]
fn a_process_that_cannot_even_note_that_it_has_the_lock_has_it() {
    let home = Home::with(EXAMPLE);
    // The holder's number cannot be written where the file may not grow; the lock counts all the same.
    let first = home.store.begin().unwrap();
    fs::write(home.beside("registry.lock"), "not a number").unwrap();
    let refused = home.store.clone().with_patience(Duration::ZERO).begin().unwrap_err();
    assert!(matches!(refused, Error::Registry(RegistryError::Locked { holder: None, .. })), "{refused}");
    drop(first);
}

#[cfg(unix)]
#[test]
fn who_removes_the_lock_lets_nobody_in_who_waited_for_the_old_one() {
    let home = Home::with(EXAMPLE);
    let holder = home.store.begin().unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| give_api_port(&home.store));
        fs::remove_file(home.beside("registry.lock")).unwrap();
        drop(holder);
        waiter.join().unwrap().unwrap();
    });
    let lock = home.store.begin().unwrap();
    let impatient = home.store.clone().with_patience(Duration::ZERO);
    assert!(matches!(impatient.begin(), Err(Error::Registry(RegistryError::Locked { .. }))));
    drop(lock);
}

#[test]
fn a_second_registry_of_the_script_is_kept_beside_the_first() {
    let home = Home::with(VERSION_1);
    give_api_port(&home.store).unwrap();
    let second = VERSION_1.replace("8000", "8001");
    fs::write(home.store.path(), &second).unwrap();
    give_api_port(&home.store).unwrap();
    assert_eq!(fs::read_to_string(home.beside("registry.v1.json")).unwrap(), VERSION_1);
    assert_eq!(fs::read_to_string(home.beside("registry.v1.2.json")).unwrap(), second);
}
