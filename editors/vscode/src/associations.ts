// Which schema belongs to which TOML file, as Even Better TOML has it in its settings: a pattern of the document's URI, and
// the URI of the schema.

/** The schemas that the extension ships, with the patterns of the files that they describe. */
export const SCHEMAS = [
  { file: "port-manager.schema.json", pattern: "^.*/port-manager\\.toml$" },
  { file: "config.schema.json", pattern: "^.*/port-manager/config\\.toml$" },
] as const;

/** The associations with ours in place of what they were before; those of others stay. */
export function withOurs(
  before: Readonly<Record<string, string>>,
  uriOf: (file: string) => string,
): Record<string, string> {
  const ours = SCHEMAS.map(({ file, pattern }) => [pattern, uriOf(file)] as const);
  return { ...before, ...Object.fromEntries(ours) };
}
