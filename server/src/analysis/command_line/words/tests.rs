use proptest::prelude::*;

use super::*;

/// The words of the commands of a script.
fn words(text: &str) -> Vec<Vec<&str>> {
    let script = Script::of(text);
    script.commands.iter().map(|it| it.words.iter().map(|word| word.content.text()).collect()).collect()
}

#[test]
fn a_script_is_parted_into_commands() {
    for text in ["a b; c d", "a b && c d", "a b | c d", "a b || c d", "a b\nc d", "a b & c d", "a b;; c d"] {
        assert_eq!(words(text), [["a", "b"], ["c", "d"]], "{text}");
    }
}

#[test]
fn a_line_goes_on_behind_its_mark() {
    for text in ["a \\\n  b", "a `\r\n b", "a ^\r\n b", "a\\\nb"] {
        assert_eq!(words(text), [["a", "b"]], "{text}");
    }
}

#[test]
fn quotes_hold_a_word_together_and_may_hold_a_script() {
    assert_eq!(words("a 'b c' \"d\""), [vec!["a", "b c", "d"], vec!["b", "c"]]);
    assert_eq!(words(r#"a \"b c\""#), [vec!["a", "b c"], vec!["b", "c"]]);
    assert_eq!(words(r#"sh -c "a \"b\"""#), [vec!["sh", "-c", r#"a \"b\""#], vec!["a", "b"]]);
    assert_eq!(words("PORT=\"80\" a"), [["PORT=\"80\"", "a"]]);
}

#[test]
fn prose_and_open_quotes_are_words() {
    assert_eq!(words("don't say \"a"), [["don't", "say", "\"a"]]);
    assert_eq!(words("# it's \"a\nb 'c'"), [vec!["#", "it's", "\"a"], vec!["b", "c"]]);
    assert_eq!(words(r"C:\a\b.exe /x"), [[r"C:\a\b.exe", "/x"]]);
}

#[test]
fn a_list_has_its_words_in_quotes() {
    assert_eq!(words(r#" ["a", "-p", "80"]"#), [["a", "-p", "80"]]);
    assert_eq!(words(r#"CMD ['a','b']"#), [["CMD", "a", "b"]]);
}

#[test]
fn what_a_shell_puts_into_a_word_is_part_of_it() {
    assert_eq!(words("a $(or $(P),80):80 b"), [vec!["a", "$(or $(P),80):80", "b"], vec!["or", "$(P),80"]]);
    assert_eq!(words("x=$(a b) c"), [vec!["x=$(a b)", "c"], vec!["a", "b"]]);
    assert_eq!(words("{{ a b }}:80 c"), [["{{ a b }}:80", "c"]]);
    assert_eq!(words("(a b) 2>&1"), [vec!["a", "b"], vec!["2>&1"]]);
    assert_eq!(words("$(a b"), [vec!["$"], vec!["a", "b"]]);
}

#[test]
fn a_command_knows_whose_output_it_reads() {
    let script = Script::of("a | b; c");
    let sources: Vec<_> = script.commands.iter().map(|command| command.source).collect();
    assert_eq!(sources, [None, Some(0), None]);
}

#[test]
fn the_innermost_word_at_an_offset_is_found() {
    let text = "sh -c 'a b'; c";
    let script = Script::of(text);
    assert_eq!(script.word_at(text.find('b').unwrap()), Some((1, 1)));
    assert_eq!(script.word_at(text.find('\'').unwrap()), Some((0, 2)));
    assert_eq!(script.word_at(text.find('c').unwrap()), Some((0, 1)));
    assert_eq!(script.word_at(2), None);
}

#[test]
fn a_megabyte_of_anything_is_read_in_a_moment() {
    for part in ["\"", "'", "\\\"", "$(", "${", "a 'b ", "{{", "# '", "[\"", "((", "a|", "x\n", "\"a b\" "] {
        let text = part.repeat(1_000_000 / part.len());
        let script = Script::of(&text);
        assert!(script.commands.len() <= text.len(), "{part}");
    }
}

proptest! {
    #[test]
    fn every_word_lies_in_its_command_and_in_the_text(text in r#"([a-z0-9 =:./#\[\](){}$"'\\|&;`^,\n-]|\PC){0,80}"#) {
        let script = Script::of(&text);
        for command in &script.commands {
            for word in &command.words {
                let (whole, content) = (word.whole.span(), word.content.span());
                prop_assert_eq!(text.get(whole.clone()), Some(word.whole.text()));
                prop_assert_eq!(text.get(content.clone()), Some(word.content.text()));
                prop_assert!(whole.start <= content.start && content.end <= whole.end);
                prop_assert!(command.span.start <= whole.start && whole.end <= command.span.end);
            }
            prop_assert!(command.words.windows(2).all(|pair| pair[0].whole.span().end <= pair[1].whole.span().start));
            if let Some(parent) = command.parent {
                let parent = &script.commands[parent];
                prop_assert!(parent.span.start <= command.span.start && command.span.end <= parent.span.end);
            }
        }
        prop_assert!(script.commands.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start));
    }
}
