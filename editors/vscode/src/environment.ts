// The environment variables for programs that are started in a project.
import type { Project } from "./protocol";

/** The port variables of the project, and what its `port-manager.toml` computes from them. */
export function variablesOf(project: Project | undefined): Map<string, string> {
  // `.ports.env` may hold any name; the server knows which ones are port variables.
  const numbers = (project?.ports ?? []).filter((port) => port.is_passed_on);
  return new Map([
    ...numbers.map(({ variable, port }) => [variable, String(port)] as const),
    ...(project?.computed ?? []).map(({ variable, value }) => [variable, value] as const),
  ]);
}

/** The names that a file of `KEY=value` lines sets. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm)].map((line) => line[1] ?? "");
}
