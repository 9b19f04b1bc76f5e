import { Asked } from './asked';

export const dynamic = 'force-dynamic';

export default async function Page() {
  const answer = await fetch('http://localhost:4000/stock');
  const stock = await answer.text();
  return (
    <main>
      <p>{`Sent by the server: ${stock}`}</p>
      <Asked />
    </main>
  );
}
