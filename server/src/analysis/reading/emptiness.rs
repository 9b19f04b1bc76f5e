//! Tests of shells for an empty or unset variable, and what is run where it is.

use tree_sitter::Node;

use crate::analysis::tree::Path;
use crate::pattern::{Pattern, regex};

/// `[ -z "$NAME" ]`, `[[ ! $NAME ]]`, `[ ! -n "${NAME:-}" ]`, `[ "$NAME" = "" ]`, `[ "x$NAME" = x ]`.
static IS_EMPTY: Pattern = regex!(
    r#"(?x)
        (?: -z \s+ | ! \s* (?: -[nv] \s+ )? ) ["']? \$? \{? (?P<z>[A-Za-z_][0-9A-Za-z_]*) (?: :?[-+][^}]* )? \}? ["']? \s* (?: \] | ; | $ )
        | ["'x]{1,2} \$ \{? (?P<e>[A-Za-z_][0-9A-Za-z_]*) (?: :?-[^}]* )? \}? ["']? \s* ==? \s* (?: "" | '' | ["']?x["']? ) \s* (?: \] | ; | $ )
        "#
);

/// `[ -n "$NAME" ]`, `[[ $NAME ]]`, `[ "$NAME" != "" ]`.
static IS_SET: Pattern = regex!(
    r#"(?x)
        ^ \s* (?: \[{1,2} | test ) \s+ (?: -[nv] \s+ )?
        ["']? \$? \{? (?P<n>[A-Za-z_][0-9A-Za-z_]*) (?: :?[-+][^}]* )? \}? ["']? \s* (?: != \s* (?: "" | '' ) \s* )? (?: \] | ; | $ )
        "#
);

/// Whether the assignment at the end of the way is made only where its variable is empty.
pub(in crate::analysis) fn is_default(text: &str, path: &Path<'_>, name: &str) -> bool {
    let source = |node: Node<'_>| text.get(node.byte_range()).unwrap_or_default().trim();
    let is_empty = |test: &str| {
        IS_EMPTY
            .captures(test)
            .and_then(|captures| captures.name("z").or_else(|| captures.name("e")))
            .is_some_and(|found| found.as_str() == name)
    };
    let is_set = |test: &str| {
        IS_SET
            .captures(test)
            .and_then(|captures| captures.name("n"))
            .is_some_and(|found| found.as_str() == name)
    };
    let mut child = path.leaf();
    // An `else` belongs to the `if` above it.
    let mut is_else = false;
    for parent in path.above(child) {
        match parent.kind() {
            "list" => {
                let (Some(first), Some(operator)) = (parent.named_child(0), child.prev_sibling()) else {
                    return false;
                };
                // What joins them: `a && b || c` is `(a && b) || c`.
                if first.id() != child.id()
                    && match operator.kind() {
                        "&&" => is_empty(source(first)),
                        "||" => is_set(source(first)),
                        _ => false,
                    }
                {
                    return true;
                }
            }
            "else_clause" => is_else = true,
            "elif_clause" => return false,
            "if_statement" => {
                let Some(test) = parent.child_by_field_name("condition").map(source) else { return false };
                // A test of more than one thing says too little of the one.
                let is_single = !test.contains("&&") && !test.contains("||");
                if test_is_above(parent, child)
                    && is_single
                    && if is_else { is_set(test) } else { is_empty(test) }
                {
                    return true;
                }
                is_else = false;
            }
            "function_definition" => return false,
            _ => {}
        }
        child = parent;
    }
    false
}

/// Whether the node is part of what an `if` runs, not of what it tests.
fn test_is_above(statement: Node<'_>, child: Node<'_>) -> bool {
    statement.child_by_field_name("condition").is_some_and(|test| test.end_byte() <= child.start_byte())
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::variables;

    /// Whether the assignment `WEB_PORT=8080` in a script gives a default.
    fn is_default(script: &str) -> bool {
        variables("a.sh", script).iter().any(|said| said == "8080 of WEB_PORT")
    }

    #[test]
    fn a_test_for_emptiness_makes_a_default() {
        for script in [
            "[ -z \"$WEB_PORT\" ] && WEB_PORT=8080\n",
            "[[ ! $WEB_PORT ]] && WEB_PORT=8080\n",
            "[ \"$WEB_PORT\" = \"\" ] && WEB_PORT=8080\n",
            "[ \"x$WEB_PORT\" = x ] && WEB_PORT=8080\n",
            "[ -n \"$WEB_PORT\" ] || WEB_PORT=8080\n",
            "if [ -z \"$WEB_PORT\" ]; then\n  WEB_PORT=8080\nfi\n",
            "if [ -n \"$WEB_PORT\" ]; then\n  echo a\nelse\n  WEB_PORT=8080\nfi\n",
        ] {
            assert!(is_default(script), "{script}");
        }
    }

    #[test]
    fn a_test_of_something_else_makes_none() {
        for script in [
            "WEB_PORT=8080\n",
            "[ -z \"$DEBUG\" ] && WEB_PORT=8080\n",
            "[ -n \"$WEB_PORT\" ] && WEB_PORT=8080\n",
            "[ -z \"$WEB_PORT\" ] || WEB_PORT=8080\n",
            "if [ -z \"$WEB_PORT\" ] || [ -z \"$DEBUG\" ]; then\n  WEB_PORT=8080\nfi\n",
            "if [ -z \"$WEB_PORT\" ]; then\n  echo a\nelif [ -n \"$DEBUG\" ]; then\n  WEB_PORT=8080\nfi\n",
            "if [ -z \"$WEB_PORT\" ]; then\n  start() { WEB_PORT=8080; }\nfi\n",
        ] {
            assert!(!is_default(script), "{script}");
        }
    }
}
