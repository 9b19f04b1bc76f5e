import com.sun.source.util.JavacTask;
import java.io.File;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Says which files are no Java; with "--compile" first, which cannot be compiled, each by itself. */
final class Parse {
    public static void main(String[] arguments) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        boolean compiles = arguments.length > 0 && arguments[0].equals("--compile");
        var files = compiler.getStandardFileManager(null, null, null);
        for (String name : List.of(arguments)) {
            if (name.startsWith("--")) {
                continue;
            }
            var messages = new DiagnosticCollector<JavaFileObject>();
            var units = files.getJavaFileObjects(new File(name));
            var options = List.of("-proc:none", "-encoding", "UTF-8");
            var task = (JavacTask) compiler.getTask(null, files, messages, options, null, units);
            task.parse();
            if (compiles) {
                task.analyze();
            }
            for (var message : messages.getDiagnostics()) {
                if (message.getKind() == Diagnostic.Kind.ERROR) {
                    System.out.println(name + ": " + message.getMessage(null));
                    break;
                }
            }
        }
    }
}
