# Says which files are no Elixir.
for file <- System.argv() do
  with {:error, message} <- Code.string_to_quoted(File.read!(file)) do
    IO.puts("#{file}: #{inspect(message)}")
  end
end
