//! Patterns of names, as rows of knowledge write them.

/// Whether the text matches the pattern. Each `*` in the pattern stands for any text.
#[must_use]
pub fn is_like(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (text, pattern, expected) in [
            ("xvnc", "xvnc", true),
            ("xvnc2", "xvnc", false),
            ("xtigervnc", "*vnc*", true),
            ("vncserver", "*vnc*", true),
            ("vim", "*vnc*", false),
            ("systemd-logind", "systemd-*", true),
            ("systemd", "systemd-*", false),
            (".kiro-server", ".*-server*", true),
            ("kiro-server", ".*-server*", false),
            ("a-a", "a*-a", true),
            ("aa", "a*a*a", false),
            ("app.test.ts", "*.test.*", true),
            ("latest.ts", "*.test.*", false),
            ("butterfly.toml", "fly.toml", false),
            ("cloudbuild.yaml", "cloudbuild.y*ml", true),
            ("main.tfx", "*.tf", false),
        ] {
            assert_eq!(is_like(text, pattern), expected, "{text} {pattern}");
        }
    }
}
