# Says which files are no YAML.
require "yaml"

ARGV.each do |file|
  YAML.parse_stream(File.read(file, encoding: "UTF-8"))
rescue Psych::Exception => error
  puts "#{file}: #{error.message}"
end
