package dev.ancestral.client;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What one call of the command line left on the two streams, and its exit code. */
record CommandRun(int code, String out, String err) {
  static CommandRun of(String... args) {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code = ClientMain.run(args);
      return new CommandRun(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).strip());
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }

  /** {@code sample} from this server into this directory. */
  static CommandRun sample(FakeServer server, Path out, String... flags) {
    return of(
        Stream.concat(
                Stream.of("sample", "--target", server.target(), "--out", out.toString()),
                Stream.of(flags))
            .toArray(String[]::new));
  }
}
