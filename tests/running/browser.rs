//! A page in a browser.

use std::process::{Command, Stdio};
use std::sync::LazyLock;

use regex::Regex;

use crate::http::Answer;

/// What `main` of a page has in it.
static MAIN: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?s)<main>(.*)</main>").expect("an expression"));

/// Opens a page of a server of this machine, and answers with what its `main` shows once its scripts have run.
pub fn open(port: u16, path: &str) -> Result<Answer, String> {
    let profile = tempfile::tempdir().expect("a directory");
    let mut directory = std::ffi::OsString::from("--user-data-dir=");
    directory.push(profile.path());
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--virtual-time-budget=5000", "--timeout=20000", "--dump-dom"])
        .arg(directory)
        .arg(format!("http://localhost:{port}{path}"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let page = String::from_utf8_lossy(&output.stdout);
    let main = MAIN
        .captures(&page)
        .ok_or_else(|| format!("no <main> in {page:?}; {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(Answer { status: 200, body: main[1].to_owned() })
}
