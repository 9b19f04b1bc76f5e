# The formula for Homebrew. A release writes it with its version and checksums; a tap has it as Formula/@NAME@.rb.
class @CLASS@ < Formula
  desc "Registry of ports, command-line tool and language server in one binary"
  homepage "https://github.com/@REPOSITORY@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@DOWNLOADS@/port-manager-@VERSION@-aarch64-apple-darwin.tar.xz"
      sha256 "@SHA256:aarch64-apple-darwin.tar.xz@"
    end
    on_intel do
      url "@DOWNLOADS@/port-manager-@VERSION@-x86_64-apple-darwin.tar.xz"
      sha256 "@SHA256:x86_64-apple-darwin.tar.xz@"
    end
  end

  on_linux do
    on_arm do
      url "@DOWNLOADS@/port-manager-@VERSION@-aarch64-unknown-linux-gnu.tar.xz"
      sha256 "@SHA256:aarch64-unknown-linux-gnu.tar.xz@"
    end
    on_intel do
      url "@DOWNLOADS@/port-manager-@VERSION@-x86_64-unknown-linux-gnu.tar.xz"
      sha256 "@SHA256:x86_64-unknown-linux-gnu.tar.xz@"
    end
  end

  def install
    bin.install "port-manager"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/bash/port-manager"
    zsh_completion.install "completions/zsh/_port-manager"
    fish_completion.install "completions/fish/port-manager.fish"
    doc.install "THIRD-PARTY-LICENSES.txt"
  end

  test do
    (testpath/"server.js").write("require('http').createServer().listen(8080)\n")
    assert_match "port 8080", shell_output("#{bin}/port-manager check server.js", 1)
  end
end
