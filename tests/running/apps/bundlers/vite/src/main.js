document.title = 'http://localhost:48123/stock';
