# Says which files are no Ruby.
ARGV.each do |file|
  RubyVM::InstructionSequence.compile(File.read(file, encoding: "UTF-8"))
rescue SyntaxError => error
  puts "#{file}: #{error.message.lines.first}"
end
