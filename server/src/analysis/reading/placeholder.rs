//! Placeholders of settings: `${NAME:default}` (Spring, Quarkus, Micronaut), `$NAME:default` (Ktor), `${NAME:-default}`,
//! `<%= ENV.fetch("NAME") { default } %>`.

use super::found::Found;
use crate::pattern::{Pattern, regex};

static PLACEHOLDER: Pattern =
    regex!(r"[$#]\{\??(?P<name>[A-Za-z_][0-9A-Za-z_.-]*)(?P<default>:-?(?P<value>[^{}]*))?\}");

/// Ktor's, which is the whole value.
static WHOLE: Pattern = regex!(r#"^["']?\$(?P<name>[A-Za-z_][0-9A-Za-z_]*):(?P<value>[0-9]{1,5})["']?$"#);

static EMBEDDED_RUBY: Pattern = regex!(r#"ENV(?:\.fetch\(|\[)\s*["']([A-Za-z_][0-9A-Za-z_]*)["']"#);

static NUMBER: Pattern = regex!(r"(?:^|[^0-9A-Za-z.])([0-9]{2,5})(?:[^0-9A-Za-z.]|$)");

/// Adds what the placeholders of a value say, and whether they are all that it says of ports: then
/// no number in it is hardcoded.
pub(in crate::analysis) fn read(value: &str, start: usize, found: &mut Found<'_>) -> bool {
    if let Some(captures) = EMBEDDED_RUBY.captures(value).filter(|_| value.contains("<%")) {
        let Some(name) = captures.get(1) else { return true };
        found.reference(start + name.start()..start + name.end(), true);
        let rest = name.end();
        if let Some(number) = NUMBER.captures(&value[rest..]).and_then(|captures| captures.get(1)) {
            found.fallback(start + rest + number.start()..start + rest + number.end(), name.as_str());
        }
        return true;
    }
    if let Some(captures) = WHOLE.captures(value)
        && let (Some(name), Some(number)) = (captures.name("name"), captures.name("value"))
    {
        found.reference(start + name.start()..start + name.end(), true);
        if found.names().port_name(name.as_str()).is_some() {
            found.fallback(start + number.start()..start + number.end(), name.as_str());
        }
        return true;
    }
    let mut has_number = false;
    for captures in PLACEHOLDER.captures_iter(value) {
        let Some(name) = captures.name("name") else { continue };
        found.reference(start + name.start()..start + name.end(), captures.name("default").is_some());
        if let Some(default) = captures.name("value")
            && let Some(number) = NUMBER.captures(default.as_str()).and_then(|captures| captures.get(1))
        {
            has_number = true;
            let is_port = found.names().port_name(name.as_str()).is_some()
                || default.as_str()[..number.start()].ends_with(':');
            let at = start + default.start();
            if is_port {
                found.fallback(at + number.start()..at + number.end(), name.as_str());
            }
        }
    }
    has_number
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, variables};

    fn read(value: &str) -> Vec<String> {
        variables("a.yaml", &format!("port: {value}\n"))
    }

    #[test]
    fn a_default_is_behind_the_colon() {
        assert_eq!(read("${WEB_PORT:8080}"), ["$WEB_PORT:-", "8080 of WEB_PORT"]);
        assert_eq!(read("${WEB_PORT:-8080}"), ["$WEB_PORT:-", "8080 of WEB_PORT"]);
        assert_eq!(read("${API_URL:http://localhost:8080}"), ["8080 of API_URL"]);
        assert_eq!(read("${LIMIT:8080}"), [""; 0]);
    }

    #[test]
    fn ktor_has_no_braces_where_it_is_the_whole_value() {
        assert_eq!(read("\"$WEB_PORT:8080\""), ["$WEB_PORT:-", "8080 of WEB_PORT"]);
        assert_eq!(read("\"a $WEB_PORT:8080\""), [""; 0]);
    }

    #[test]
    fn embedded_ruby_looks_into_the_environment() {
        assert_eq!(read("<%= ENV.fetch(\"WEB_PORT\") { 8080 } %>"), ["$WEB_PORT:-", "8080 of WEB_PORT"]);
        assert_eq!(read("<%= fetch(\"WEB_PORT\") { 8080 } %>"), [""; 0]);
    }

    #[test]
    fn a_number_beside_a_placeholder_without_one_still_decides() {
        finds_what_is_marked("a.yaml", "url: http://${HOST}:«8080 connect»/\n");
        finds_what_is_marked("a.yaml", "limit: ${LIMIT:8080}\n");
    }
}
