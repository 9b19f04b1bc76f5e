// Says which files are no JavaScript, neither a module nor a script of Node's.
const fs = require("fs");
const vm = require("vm");

function objection(text) {
  try {
    new vm.SourceTextModule(text);
    return null;
  } catch (error) {
    try {
      vm.compileFunction(text.replace(/^#!/, "//"), ["exports", "require", "module"]);
      return null;
    } catch {
      return error.message;
    }
  }
}

for (const file of process.argv.slice(2)) {
  const message = objection(fs.readFileSync(file, "utf8"));
  if (message) console.log(`${file}: ${message}`);
}
