package dev.ancestral.exporter;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What one call of the command line left on the two streams, and its exit code. */
record CommandRun(int code, String out, String err) {
  /** Of these arguments and more. */
  static CommandRun of(List<String> args, String... more) {
    return of(Stream.concat(args.stream(), Stream.of(more)).toArray(String[]::new));
  }

  static CommandRun of(String... args) {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code = ExporterMain.run(args);
      return new CommandRun(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).strip());
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }
}
