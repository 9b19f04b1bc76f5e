require 'json'
require 'sinatra'

set :port, 4567

get '/recipes/:name' do |name|
  content_type :json
  JSON.generate(name: name, text: 'boil water', worktree: File.read('worktree.txt').strip)
end
