// What people read, in their language. The editor's translator is put in place when the extension starts;
// without one (in tests) the English text is filled in.

type Arguments = (string | number)[];

/** `{0}`, `{1}`, … stand for the arguments. */
function fill(message: string, ...args: Arguments): string {
  return message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}

export const l10n = {
  t: fill as (message: string, ...args: Arguments) => string,
};
