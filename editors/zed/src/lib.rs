//! Starts `port-manager lsp` in Zed. All else is the server's.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree, serde_json};

/// The program, and the server's name in Zed's settings.
const NAME: &str = "port-manager";

/// Where people read how to install the program.
const MISSING: &str = "port-manager is not on the PATH. Install it, or name its path in the settings: \
                       \"lsp\": {\"port-manager\": {\"binary\": {\"path\": \"...\"}}}";

struct PortManager;

impl zed::Extension for PortManager {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        // Settings that cannot be read are Zed's to report.
        let binary = settings(worktree).and_then(|settings| settings.binary);
        let (path, arguments) = binary.map_or((None, None), |binary| (binary.path, binary.arguments));
        Ok(Command {
            command: path.or_else(|| worktree.which(NAME)).ok_or(MISSING)?,
            args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]),
            // The program looks for its registry where it does in a terminal.
            env: worktree.shell_env(),
        })
    }

    fn language_server_initialization_options(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        Ok(settings(worktree).and_then(|settings| settings.initialization_options))
    }

    fn language_server_workspace_configuration(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        Ok(settings(worktree).and_then(|settings| settings.settings))
    }
}

fn settings(worktree: &Worktree) -> Option<LspSettings> {
    LspSettings::for_worktree(NAME, worktree).ok()
}

zed::register_extension!(PortManager);
