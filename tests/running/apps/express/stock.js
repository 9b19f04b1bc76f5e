const fs = require('fs')
const express = require('express')

const app = express()
const PORT = process.env.PORT || 4000

app.get('/items', (req, res) => {
  res.json({ worktree: fs.readFileSync('worktree.txt', 'utf8').trim(), items: ['tea', 'cups'] })
})

app.listen(PORT, () => console.log(`Stock on http://localhost:${PORT}`))
