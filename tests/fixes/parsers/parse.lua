-- Says which files are no Lua.
for _, file in ipairs(arg) do
  local chunk, message = loadfile(file)
  if not chunk then print(file .. ": " .. message) end
end
