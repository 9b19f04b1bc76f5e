//! Calls that say something to people.

/// Whether what something is written to with `<<` is a stream for people: `std::cout`, `LOG(INFO)`.
pub(in crate::analysis::code) fn is_stream(text: &str) -> bool {
    let name = text.trim_start().trim_start_matches("std::");
    ["cout", "cerr", "clog", "LOG", "log", "spdlog", "qDebug", "STDOUT", "STDERR", "$stdout", "$stderr"]
        .iter()
        .any(|stream| name.starts_with(stream))
}
