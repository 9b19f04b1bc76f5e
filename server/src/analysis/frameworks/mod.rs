//! What is known of frameworks and needs a condition, one file each. What needs none is a row in `packs`.

pub(super) mod clap;
pub(super) mod microprofile;
pub(super) mod pydantic;
pub(super) mod rspec;
pub(super) mod struct_tag;
pub(super) mod vagrant;
pub(super) mod viper;

#[cfg(test)]
mod tests {
    use crate::analysis::tests::decided_by;

    #[test]
    fn a_framework_speaks_only_on_its_condition() {
        let cases = [
            (
                "a.go",
                "package a\nfunc f() { viper.AutomaticEnv(); viper.SetDefault(\"port\", 8080) }",
                "lookup.viper",
            ),
            ("a.go", "package a\nfunc f() { viper.SetDefault(\"port\", 8080) }", "call.default"),
            ("a.rb", "forward 'port', guest: 80, host: 8080", "binding.vagrant-forward"),
            ("a.rb", "let(:port) { 8080 }", "call.let-block"),
            (
                "a.rs",
                "struct A {\n    #[arg(long, default_value_t = 8080)]\n    port: u16,\n}",
                "attribute.default-value",
            ),
            (
                "a.java",
                "class A { @ConfigProperty(name = \"http.port\", defaultValue = \"8080\") int port; }",
                "binding.configured",
            ),
            (
                "a.java",
                "class A { @Option(name = \"http.port\", defaultValue = \"8080\") int port; }",
                "binding.default-beside-port-name",
            ),
            ("a.py", "class S(BaseSettings):\n    web_port: int = 8000\n", "binding.overridden"),
            (
                "a.py",
                "class A(BaseSettings):\n    a: int = 1\nclass S(A):\n    web_port: int = 8000\n",
                "binding.overridden",
            ),
            (
                "a.go",
                "package a\nfunc f() { viper.AutomaticEnv(); setDefault(\"port\", 8080) }",
                "lookup.viper",
            ),
            ("a.py", "class S(Settings):\n    web_port: int = 8000\n", "binding.port-name"),
            ("a.go", "package a\ntype C struct {\n\tPort int `default:\"8080\"`\n}", "struct-tag.default"),
        ];
        for (name, text, expected) in cases {
            assert_eq!(decided_by(name, text), [expected], "{text}");
        }
        for (name, text) in [
            ("a.rb", "forward 'port', host: 8080"),
            ("a.rb", "let(:limit) { 8080 }"),
            ("a.rs", "struct A {\n    #[arg(long, default_value_t = 8080)]\n    limit: u16,\n}"),
            ("a.go", "package a\ntype C struct {\n\tLimit int `default:\"8080\"`\n}"),
        ] {
            assert_eq!(decided_by(name, text), [""; 0], "{text}");
        }
    }
}
