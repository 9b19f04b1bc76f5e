// Which label the panel *Ports* of VS Code shows for a port, as the setting `remote.portsAttributes` has it. Pure, so that
// it is tested without an editor.
import type { PortStatus } from "./protocol";

/** What the setting holds: attributes by port, range or pattern. */
export type Attributes = Readonly<Record<string, { readonly label?: string; readonly [member: string]: unknown }>>;

/** How our labels end, so that they are known again. */
const MARK = " (port-manager)";

/** The attributes with a label for each registered port; ours of before go, those of others stay. */
export function labelled(before: Attributes, ports: readonly PortStatus[]): Attributes {
  const kept = Object.entries(before).flatMap(([port, attributes]) => {
    const { label, ...others } = attributes;
    if (label === undefined || !label.endsWith(MARK)) return [[port, attributes] as const];
    return Object.keys(others).length === 0 ? [] : [[port, others] as const];
  });
  const after = new Map<string, Attributes[string]>(kept);
  for (const { port, project, variable } of ports) {
    const known = after.get(String(port)) ?? {};
    if (known.label === undefined) after.set(String(port), { ...known, label: `${project}: ${variable}${MARK}` });
  }
  return Object.fromEntries(after);
}
