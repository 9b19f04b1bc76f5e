// How often a server that ends by itself is started again.

/** Allows some restarts in a stretch of time, then no more. */
export class Restarts {
  private times: number[] = [];

  /** @param span in milliseconds */
  constructor(
    readonly limit = 4,
    readonly span = 3 * 60 * 1000,
  ) {}

  /** Takes note of a crash at the time `now` (milliseconds); whether to start the server again. */
  allows(now: number): boolean {
    this.times = this.times.filter((time) => now - time < this.span);
    this.times.push(now);
    return this.times.length <= this.limit;
  }

  /** Forgets: the user asked for a new start. */
  reset(): void {
    this.times = [];
  }
}
