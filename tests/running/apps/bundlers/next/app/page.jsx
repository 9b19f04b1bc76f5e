'use client';

export default function Page() {
  return <button onClick={() => fetch('http://localhost:48123/stock')}>Ask</button>;
}
