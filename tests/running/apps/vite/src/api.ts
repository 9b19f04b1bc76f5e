export const API = 'http://localhost:5000/api';

export async function guests(): Promise<string> {
  const answer = await fetch('/api/guests');
  return await answer.text();
}

export async function guestsOfToday(): Promise<string> {
  const answer = await fetch(`${API}/today`);
  return await answer.text();
}
