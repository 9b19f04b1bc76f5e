//! Languages that are compiled, and want to know the type.

use super::*;

#[test]
fn go_gives_a_lookup_its_default_with_cmp_or() {
    let program = |import: &str, body: &str| format!("package main\n{import}\nfunc main() {{ {body} }}\n");
    let import = "\nimport \"cmp\"\nimport \"os\"\n";
    let repaired = |body: &str| program(import, body);
    assert_repairs(
        "a.go",
        &[
            (
                &program("", "serve(\":8080\")"),
                &repaired("serve(\":\" + cmp.Or(os.Getenv(\"WEB_PORT\"), \"8080\"))"),
            ),
            (
                &program("", "serve(`:8080`)"),
                &repaired("serve(`:` + cmp.Or(os.Getenv(\"WEB_PORT\"), \"8080\"))"),
            ),
            (
                &program("", "net.JoinHostPort(\"localhost\", \"8080\")"),
                &repaired("net.JoinHostPort(\"localhost\", cmp.Or(os.Getenv(\"WEB_PORT\"), \"8080\"))"),
            ),
            (
                &program("", "u := \"http://localhost:8080\"[7:]"),
                &repaired("u := (\"http://localhost:\" + cmp.Or(os.Getenv(\"WEB_PORT\"), \"8080\"))[7:]"),
            ),
            // As gofmt writes it.
            (
                &program("", "serve(\":8080\", nil)"),
                &repaired("serve(\":\"+cmp.Or(os.Getenv(\"WEB_PORT\"), \"8080\"), nil)"),
            ),
            // A constant cannot be read from the environment, and Atoi is not an expression.
            ("package main\n\nconst port = \":8080\"\n", NO_FIX),
            ("package main\n\nvar port = 8080\n", NO_FIX),
            (
                "package main\n\ntype A struct {\n\tURL string `default:\"http://localhost:8080\"`\n}\n",
                NO_FIX,
            ),
        ],
    );
}

#[test]
fn go_without_cmp_or_keeps_the_literal() {
    let project = Project::with("WEB_PORT=8080\n");
    let serve = "package main\n\nfunc main() { serve(\":8080\") }\n";
    std::fs::write(project.path("go.mod"), "module example.com/shop\n\ngo 1.21\n").unwrap();
    assert_eq!(project.repaired("a.go", serve), NO_FIX);
    let project = Project::without_defaults("WEB_PORT=8080\n");
    std::fs::remove_file(project.path("go.mod")).unwrap();
    assert_eq!(
        project.repaired("a.go", serve),
        "package main\n\nimport \"os\"\n\nfunc main() { serve(\":\" + os.Getenv(\"WEB_PORT\")) }\n"
    );
}

#[test]
fn rust_parses_into_the_type_that_the_literal_had() {
    let number = |literal: &str| {
        format!("std::env::var(\"WEB_PORT\").ok().and_then(|it| it.parse().ok()).unwrap_or({literal})")
    };
    let cases: Vec<(String, String)> = [
        ("fn main() { s.bind((\"127.0.0.1\", 8080)); }", "8080"),
        ("fn main() { let port = 8080; }", "8080"),
        ("fn main() { let port = 8080_u32; }", "8080_u32"),
        ("fn main() { let port: i64 = 8080; }", "8080"),
        ("fn main() { let port: Port = 8080; }", "8080"),
        ("fn main() { let port: Option<u16> = Some(8080); }", "8080"),
        ("fn main() { let c = Config { port: 8080 }; }", "8080"),
        ("fn main() { config.port = 8080; }", "8080"),
        ("fn port() -> u32 { 8080 }", "8080"),
    ]
    .into_iter()
    .map(|(text, literal)| (text.to_owned(), text.replace(literal, &number(literal))))
    .collect();
    let cases: Vec<(&str, &str)> =
        cases.iter().map(|(before, after)| (before.as_str(), after.as_str())).collect();
    assert_repairs("a.rs", &cases);
    // A constant is made by the compiler.
    assert_repairs(
        "a.rs",
        &[("const PORT: u16 = 8080;", NO_FIX), ("const fn port() -> u16 { 8080 }", NO_FIX)],
    );
}

#[test]
fn rust_without_a_default_parses_into_the_type_of_the_place() {
    let read = "std::env::var(\"WEB_PORT\").expect(\"WEB_PORT\")";
    let number = |kind: &str| format!("{read}.parse{kind}().expect(\"WEB_PORT is a port\")");
    let cases = [
        ("s.bind((\"127.0.0.1\", 8080));", "s.bind((\"127.0.0.1\", PORT));", "::<u16>"),
        ("let port = 8080_u32;", "let port = PORT;", "::<u32>"),
        ("let port: i64 = 8080;", "let port: i64 = PORT;", "::<i64>"),
        ("let c = Config { port: 8080 };", "let c = Config { port: PORT };", ""),
    ];
    for (before, after, kind) in cases {
        let main = |body: &str| format!("fn main() {{ {body} }}");
        assert_bare_repairs("a.rs", &[(&main(before), &main(&after.replace("PORT", &number(kind))))]);
    }
    assert_bare_repairs("a.rs", &[("fn main() { let port: Port = 8080; }", NO_FIX)]);
}

#[test]
fn rust_formats_and_borrows_strings() {
    let format = "format!(\"http://localhost:{}/{{a}}\", std::env::var(\"WEB_PORT\").unwrap_or_else(|_| \"8080\".to_owned()))";
    let main =
        |body: &str| format!("fn main() {{ {} }}", body.replace("URL", "\"http://localhost:8080/{a}\""));
    let fixed = |body: &str| format!("fn main() {{ {} }}", body.replace("URL", format));
    assert_repairs(
        "a.rs",
        &[
            (&main("get(URL);"), &fixed("get(&URL);")),
            (&main("get(1, URL);"), &fixed("get(1, &URL);")),
            (&main("let url = URL;"), &fixed("let url = &URL;")),
            (&main("let url = URL.to_owned();"), &fixed("let url = URL.to_owned();")),
            (&main("let url: &'static str = URL;"), NO_FIX),
            (&main("let urls = [URL];"), NO_FIX),
            (&main("let c = Config { url: URL };"), NO_FIX),
            (&main("get(format!(URL));"), NO_FIX),
            (&main("get(bURL);"), NO_FIX),
        ],
    );
}

#[test]
fn java_converts_what_it_reads() {
    assert_repairs(
        "A.java",
        &[
            (
                "class A { void f() { new ServerSocket(8080); } }",
                "class A { void f() { new ServerSocket(Integer.parseInt(System.getenv().getOrDefault(\"WEB_PORT\", \"8080\"))); } }",
            ),
            (
                "class A { short port = 8080; }",
                "class A { short port = Short.parseShort(System.getenv().getOrDefault(\"WEB_PORT\", \"8080\")); }",
            ),
            (
                "class A { private static final int PORT = 8080; }",
                "class A { private static final int PORT = Integer.parseInt(System.getenv().getOrDefault(\"WEB_PORT\", \"8080\")); }",
            ),
            (
                "class A { String s = \"http://localhost:8080/\".trim(); }",
                "class A { String s = (\"http://localhost:\" + System.getenv().getOrDefault(\"WEB_PORT\", \"8080\") + \"/\").trim(); }",
            ),
            (
                "class A { long port = 8080L; }",
                "class A { long port = Long.parseLong(System.getenv().getOrDefault(\"WEB_PORT\", \"8080\")); }",
            ),
            (
                "class A { static final ServerSocket S = new ServerSocket(8080); }",
                "class A { static final ServerSocket S = new ServerSocket(Integer.parseInt(System.getenv().getOrDefault(\"WEB_PORT\", \"8080\"))); }",
            ),
            // The compiler has to know these, or another file may ask it to.
            ("class A { public static final int PORT = 8080; }", NO_FIX),
            ("class A { static final String URL = HOST + \":8080\"; }", NO_FIX),
            ("interface Ports { int WEB_PORT = 8080; }", NO_FIX),
            (
                "@Mock(\n    port = A.MOCK_PORT)\nclass A { private static final int MOCK_PORT = 8080; }",
                NO_FIX,
            ),
            ("class A { short[] ports = {8080}; }", NO_FIX),
            ("@Settings(port = 8080)\nclass A {}", NO_FIX),
            ("@interface A { String url() default \"http://localhost:8080\"; }", NO_FIX),
            ("class A { static final int PORT = 8080; void f(int p) { switch (p) { case PORT: } } }", NO_FIX),
            ("class A { String s = \"\"\"\n  http://localhost:8080\n  \"\"\"; }", NO_FIX),
        ],
    );
}

#[test]
fn kotlin_and_scala_convert_what_they_read() {
    assert_repairs(
        "a.kt",
        &[
            (
                "val s = \"http://localhost:8080/$id\"\n",
                "val s = \"http://localhost:${System.getenv(\"WEB_PORT\") ?: 8080}/$id\"\n",
            ),
            ("val port = 8080\n", "val port = System.getenv(\"WEB_PORT\")?.toIntOrNull() ?: 8080\n"),
            (
                "val port: Short = 8080\n",
                "val port: Short = System.getenv(\"WEB_PORT\")?.toShortOrNull() ?: 8080\n",
            ),
            ("const val PORT = 8080\n", NO_FIX),
            ("@Settings(port = 8080)\nclass A\n", NO_FIX),
        ],
    );
    assert_repairs(
        "a.scala",
        &[
            ("val port = 8080\n", "val port = sys.env.getOrElse(\"WEB_PORT\", \"8080\").toInt\n"),
            (
                "val port: Long = 8080\n",
                "val port: Long = sys.env.getOrElse(\"WEB_PORT\", \"8080\").toLong\n",
            ),
            (
                "val s = \"http://localhost:8080/\".length\n",
                "val s = (\"http://localhost:\" + sys.env.getOrElse(\"WEB_PORT\", \"8080\") + \"/\").length\n",
            ),
            (
                "val s = s\"http://localhost:8080/$id\"\n",
                "val s = s\"http://localhost:\" + sys.env.getOrElse(\"WEB_PORT\", \"8080\") + s\"/$id\"\n",
            ),
            ("val s = uri\"http://localhost:8080/$id\"\n", NO_FIX),
            ("inline val port = 8080\n", NO_FIX),
        ],
    );
}

#[test]
fn csharp_converts_what_it_reads() {
    assert_repairs(
        "a.cs",
        &[
            (
                "app.Run(\"http://localhost:8080\");\n",
                "app.Run(\"http://localhost:\" + (System.Environment.GetEnvironmentVariable(\"WEB_PORT\") ?? \"8080\"));\n",
            ),
            (
                "var s = @\"http://localhost:8080\\a\";\n",
                "var s = @\"http://localhost:\" + (System.Environment.GetEnvironmentVariable(\"WEB_PORT\") ?? \"8080\") + @\"\\a\";\n",
            ),
            (
                "class A { ushort Port { get; set; } = 8080; }\n",
                "class A { ushort Port { get; set; } = ushort.Parse(System.Environment.GetEnvironmentVariable(\"WEB_PORT\") ?? \"8080\"); }\n",
            ),
            ("const int Port = 8080;\n", NO_FIX),
            ("[Settings(Port = 8080)]\nclass A {}\n", NO_FIX),
            ("class A { void F(int port = 8080) {} }\n", NO_FIX),
            ("enum A { Port = 8080 }\n", NO_FIX),
            ("var s = \"http://localhost:8080\"u8;\n", NO_FIX),
        ],
    );
}

#[test]
fn c_reads_getenv_and_includes_stdlib() {
    assert_repairs(
        "a.c",
        &[
            (
                "#include <stdio.h>\nint main() { listen(8080); }\n",
                "#include <stdlib.h>\n#include <stdio.h>\nint main() { listen(getenv(\"WEB_PORT\") ? atoi(getenv(\"WEB_PORT\")) : 8080); }\n",
            ),
            (
                "#include <stdlib.h>\nint main() { struct a b = { .port = 8080 }; }\n",
                "#include <stdlib.h>\nint main() { struct a b = { .port = getenv(\"WEB_PORT\") ? atoi(getenv(\"WEB_PORT\")) : 8080 }; }\n",
            ),
            // A global, a static variable and a macro are made by the compiler, an array takes a literal, and
            // nothing joins strings.
            ("int port = 8080;\n", NO_FIX),
            ("int main() { static int port = 8080; }\n", NO_FIX),
            ("#define PORT 8080\n", NO_FIX),
            ("int main() { char port[] = \"8080\"; }\n", NO_FIX),
            ("int main() { get(\"http://localhost:8080\"); }\n", NO_FIX),
        ],
    );
    assert_repairs(
        "a.cpp",
        &[
            (
                "#include <stdlib.h>\nint main() { std::string url = \"http://localhost:8080/a\"; }\n",
                "#include <stdlib.h>\nint main() { std::string url = std::string(\"http://localhost:\") + (getenv(\"WEB_PORT\") ? getenv(\"WEB_PORT\") : \"8080\") + \"/a\"; }\n",
            ),
            // What might not fit may not stand in braces.
            ("int main() { std::uint16_t port{8080}; }\n", NO_FIX),
            ("int main() { constexpr int port = 8080; }\n", NO_FIX),
        ],
    );
}
