<?php

$worktree = trim(file_get_contents(__DIR__ . '/../worktree.txt'));
$book = json_decode(file_get_contents('http://localhost:9000/guests'), true);
?>
<h1>Guests of <?= $worktree ?></h1>
<p><?= implode(', ', $book['guests']) ?>, says <?= $book['worktree'] ?></p>
