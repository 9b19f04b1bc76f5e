# `nix run github:OWNER/REPOSITORY -- check .` builds port-manager from its source; `nix profile install` keeps it.
{
  description = "Stable ports for every project: a registry, a command-line tool and a language server in one binary";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forEach = nixpkgs.lib.genAttrs systems;
      crate = (builtins.fromTOML (builtins.readFile ./server/Cargo.toml)).package;
      workspace = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).workspace.package;
    in
    {
      packages = forEach (system:
        let pkgs = nixpkgs.legacyPackages.${system}; in
        {
          default = pkgs.rustPlatform.buildRustPackage {
            pname = crate.name;
            version = workspace.version;
            src = self;
            cargoLock.lockFile = ./Cargo.lock;
            nativeBuildInputs = [ pkgs.installShellFiles ];
            # The tests start editors, shells and servers; they run in the project's own CI.
            doCheck = false;
            postInstall = pkgs.lib.optionalString (pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform) ''
              $out/bin/port-manager man --out $TMPDIR/man
              installManPage $TMPDIR/man/*.1
              installShellCompletion --cmd port-manager \
                --bash <($out/bin/port-manager completions bash) \
                --zsh <($out/bin/port-manager completions zsh) \
                --fish <($out/bin/port-manager completions fish)
            '';
            meta = {
              description = crate.description;
              license = pkgs.lib.licenses.mit;
              mainProgram = "port-manager";
            };
          };
        });
    };
}
