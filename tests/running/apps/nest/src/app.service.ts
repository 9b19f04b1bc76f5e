import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';

@Injectable()
export class AppService {
  private readonly namesUrl = 'http://localhost:3100/name';

  async getHello(): Promise<string> {
    const worktree = readFileSync('worktree.txt', 'utf8').trim();
    const name = await fetch(this.namesUrl);
    return `${worktree}: Hello ${await name.text()}!`;
  }
}
