// VS Code with the extension, on a copy of examples/shop, until Ctrl+C. `make try`
import { cpSync } from "node:fs";
import { join } from "node:path";

import { serve } from "./editor.mts";
import { Machine } from "./machine.mts";

const machine = new Machine();
const root = machine.project("shop", {});
cpSync(join(import.meta.dirname, "..", "..", "..", "examples", "shop"), root, { recursive: true });
const { address } = await serve(machine, { open: root });
console.log(`VS Code with Port Manager, on a copy of examples/shop with a registry of its own:\n\n  ${address}?folder=${encodeURIComponent(root)}\n\nCtrl+C ends it.`);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.removeAllListeners(signal);
  process.once(signal, () => void machine.dispose().then(() => process.exit(0)));
}
