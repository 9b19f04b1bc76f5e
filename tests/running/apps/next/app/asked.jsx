'use client';

import { useEffect, useState } from 'react';

const API_URL = 'http://localhost:4000';

export function Asked() {
  const [stock, setStock] = useState('...');
  useEffect(() => {
    fetch(`${API_URL}/stock`)
      .then((answer) => answer.text())
      .then(setStock);
  }, []);
  return <p>{`Asked by the page: ${stock}`}</p>;
}
