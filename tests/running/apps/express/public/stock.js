fetch('/api/stock')
  .then((response) => response.json())
  .then(({ stock }) => {
    for (const item of stock.items) {
      const line = document.createElement('li')
      line.textContent = item
      document.querySelector('#items').append(line)
    }
  })
