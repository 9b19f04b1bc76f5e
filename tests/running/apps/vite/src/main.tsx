import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { guests, guestsOfToday } from './api';

function GuestBook() {
  const [all, setAll] = useState('...');
  const [today, setToday] = useState('...');
  useEffect(() => {
    guests().then(setAll);
    guestsOfToday().then(setToday);
  }, []);
  return (
    <main>
      <p>{`Guests: ${all}`}</p>
      <p>{`Today: ${today}`}</p>
    </main>
  );
}

createRoot(document.getElementById('root')!).render(<GuestBook />);
