<?php

header('Content-Type: application/json');
echo json_encode([
    'guests' => ['Ada', 'Grace'],
    'worktree' => trim(file_get_contents(__DIR__ . '/worktree.txt')),
]);
