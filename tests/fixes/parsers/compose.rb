# Says which files are no YAML, or hold what Compose could not interpolate or publish
# (Compose specification: interpolation, ports).
require "yaml"

NAME = /[A-Za-z_][A-Za-z0-9_]*/
VARIABLE = /\$(?:#{NAME}|\{#{NAME}(?::?[-?+][^{}]*)?\})/
PORT = /\d{1,5}(?:-\d{1,5})?/
PUBLISHED = %r{\A(?:(?:[\d.]+|\[[\h:]+\]):)?(?:#{PORT}?:)?#{PORT}(?:/(?:tcp|udp|sctp))?\z}

# The value with the defaults that it names; nil where it is not to be interpolated.
def interpolate(text)
  plain = text.gsub("$$", "").gsub(VARIABLE) { |read| read[/:?-([^{}]*)\}/, 1] || "1" }
  plain unless plain.include?("$")
end

def scalars(value, &block)
  case value
  when Hash then value.each { |_, inner| scalars(inner, &block) }
  when Array then value.each { |inner| scalars(inner, &block) }
  else yield value.to_s
  end
end

def objection(file)
  document = YAML.safe_load(File.read(file, encoding: "UTF-8"), aliases: true)
  scalars(document) { |text| return "cannot be interpolated: #{text}" unless interpolate(text) }
  return unless document.is_a?(Hash) && document["services"].is_a?(Hash)

  document["services"].each_value do |service|
    ports = service.is_a?(Hash) ? Array(service["ports"]) : []
    ports.each do |port|
      written = port.is_a?(Hash) ? port["published"] : port
      next if written.nil?
      return "no port: #{written}" unless PUBLISHED.match?(interpolate(written.to_s))
    end
  end
  nil
rescue Psych::Exception => error
  error.message
end

ARGV.each do |file|
  message = objection(file)
  puts "#{file}: #{message}" if message
end
