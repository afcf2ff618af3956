package dev.ancestral.trainer.plot;

import dev.ancestral.cli.Cli;
import dev.ancestral.cli.Printable;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.calls.CallsStudy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plot calls}: quality against calls, from what was measured before. */
@Command(
    name = "calls",
    mixinStandardHelpOptions = true,
    description = "Draws quality against calls from the table that `evaluate --calls` wrote.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
final class CallsCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE.csv",
      description = "The table that `evaluate --calls` wrote.")
  private Path from;

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      description = "The picture. Default: the table's name with .png, beside it.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    byte[] png = CallsStudy.redraw(from);
    Path file =
        out == null
            ? from.resolveSibling(
                String.valueOf(from.getFileName()).replaceFirst("\\.csv$", "") + ".png")
            : out;
    AtomicFile.write(file, stream -> stream.write(png));
    System.err.println(Printable.line("drawn: " + file));
    return Cli.DONE;
  }
}
