//! Directories of a project that hold something beside the project itself.

use std::ffi::OsStr;

/// What such a directory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aside {
    /// Programs that show how the project is used, or that others start from.
    Samples,
    /// What tests read.
    TestData,
    /// Tests.
    Tests,
}

/// The names, in lower case.
const DIRECTORIES: [(&str, Aside); 20] = [
    ("__fixtures__", Aside::TestData),
    ("__tests__", Aside::Tests),
    ("demo", Aside::Samples),
    ("demos", Aside::Samples),
    ("example", Aside::Samples),
    ("examples", Aside::Samples),
    ("fixture", Aside::TestData),
    ("fixtures", Aside::TestData),
    ("playground", Aside::Samples),
    ("playgrounds", Aside::Samples),
    ("sample", Aside::Samples),
    ("samples", Aside::Samples),
    ("template", Aside::Samples),
    ("templates", Aside::Samples),
    ("test", Aside::Tests),
    ("test-data", Aside::TestData),
    ("test_data", Aside::TestData),
    ("testdata", Aside::TestData),
    ("testing", Aside::Tests),
    ("tests", Aside::Tests),
];

impl Aside {
    /// What a directory of that name holds beside the project; `None` for a part of the project.
    pub(crate) fn of_name(name: &OsStr) -> Option<Self> {
        let name = name.to_str()?;
        DIRECTORIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, aside)| *aside)
    }

    /// Whether what is read there says nothing about the ports of the project. Tests run the project.
    pub(crate) fn is_foreign(self) -> bool {
        matches!(self, Self::Samples | Self::TestData)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_known_by_its_name_however_it_is_spelled() {
        for (name, expected) in [
            ("examples", Some(Aside::Samples)),
            ("Examples", Some(Aside::Samples)),
            ("testdata", Some(Aside::TestData)),
            ("tests", Some(Aside::Tests)),
            ("src", None),
            ("contest", None),
        ] {
            assert_eq!(Aside::of_name(OsStr::new(name)), expected, "{name}");
        }
    }
}
