//! Calls that say something to people.

/// Whether what something is written to with `<<` is a stream for people: `std::cout`, `LOG(INFO)`.
pub(in crate::analysis::code) fn is_stream(text: &str) -> bool {
    let name = text.trim_start().trim_start_matches("std::");
    ["cout", "cerr", "clog", "LOG", "log", "spdlog", "qDebug", "STDOUT", "STDERR", "$stdout", "$stderr"]
        .iter()
        .any(|stream| name.starts_with(stream))
}

/// Whether a call, by its text and the last name in it, speaks to people or states a test's expectation.
pub(super) fn is_prose(text: &str, last: &str) -> bool {
    let printed = text.split_whitespace().next().unwrap_or_default();
    if matches!(printed, "print" | "printf" | "say" | "puts" | "warn" | "die" | "raise")
        || last.starts_with("assert")
        || last.starts_with("tobecalled")
        || last.starts_with("tohavebeen")
        || last.ends_with("exception")
        || last.ends_with("error")
    {
        return true;
    }
    let first = text.split(['.', '(']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(first.as_str(), "console" | "log" | "logger" | "logging" | "t" | "slog" | "puts" | "chalk")
        || matches!(
            last,
            "print"
                | "println"
                | "printf"
                | "fprintf"
                | "fprintln"
                | "puts"
                | "expect"
                | "tobe"
                | "toequal"
                | "equal"
                | "equals"
                | "strictequal"
                | "deepequal"
                | "assert"
                | "assertequal"
                | "asserteq"
                | "error"
                | "exception"
                | "errorf"
                | "fatal"
                | "fatalf"
                | "warn"
                | "warning"
                | "info"
                | "debug"
                | "panic"
                | "describe"
                | "it"
                | "test"
                | "settimeout"
                | "setinterval"
                | "sleep"
                | "echo"
                | "valueerror"
                | "runtimeerror"
                | "typeerror"
                | "skip"
                | "log"
                | "alert"
                | "eprintln"
                | "eprint"
                | "dbg"
                | "trace"
                | "bail"
                | "anyhow"
                | "todo"
                | "unimplemented"
                | "unreachable"
                | "write"
                | "writeln"
                | "writeline"
                | "eq"
                | "raise"
                | "fail"
                | "die"
                | "say"
                | "croak"
                | "abort"
                | "print_r"
                | "var_dump"
                | "error_log"
                | "trigger_error"
                | "doc"
                | "inspect"
                | "moduledoc"
                | "typedoc"
                | "shouldbe"
                | "fatalerror"
        )
}
