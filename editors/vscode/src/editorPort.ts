// The port at the cursor. Pure, so that it is tested without an editor.
import { parsePort } from "./describe";

/** The number in the line at the column, where it can be a port; or the only such number of the line. */
export function portAt(line: string, column: number): number | undefined {
  const numbers = [...line.matchAll(/(?<![\w.])\d{2,5}(?![\w.]|\.\d)/g)];
  const touched = numbers.find(({ index, 0: digits }) => index <= column && column <= index + digits.length);
  const [found] = touched === undefined && numbers.length === 1 ? numbers : [touched];
  return found === undefined ? undefined : parsePort(found[0]);
}
