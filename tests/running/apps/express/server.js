const fs = require('fs')
const express = require('express')

const app = express()
const port = 3000
const worktree = fs.readFileSync('worktree.txt', 'utf8').trim()

app.use(express.static('public'))

app.get('/api/stock', async (req, res) => {
  const response = await fetch('http://localhost:4000/items')
  res.json({ worktree, stock: await response.json() })
})

app.listen(port, () => {
  console.log(`Example app listening on port ${port}`)
})
