require 'json'
require 'net/http'

WORKTREE = File.read('worktree.txt').strip

run lambda { |_env|
  recipe = JSON.parse(Net::HTTP.get('localhost', '/recipes/tea', 4567))
  [200, { 'Content-Type' => 'text/plain' }, ["#{WORKTREE} cooks with #{recipe['worktree']}: #{recipe['text']}\n"]]
}
