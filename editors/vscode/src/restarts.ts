// How often a server that has crashed is restarted.

/** Allows a number of restarts within a span of time, then no more. */
export class Restarts {
  private times: number[] = [];

  /** @param span in milliseconds */
  constructor(
    readonly limit = 4,
    readonly span = 3 * 60 * 1000,
  ) {}

  /** Records a crash at the time `now` (milliseconds); whether to restart the server. */
  allows(now: number): boolean {
    this.times = this.times.filter((time) => now - time < this.span);
    this.times.push(now);
    return this.times.length <= this.limit;
  }

  /** Forgets all crashes, as the user asked for a restart. */
  reset(): void {
    this.times = [];
  }
}
