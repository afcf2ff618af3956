package dev.ancestral.trainer.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.calls.CallsTable.Role;
import dev.ancestral.trainer.calls.CallsTable.Row;
import dev.ancestral.trainer.quality.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallsFileTest {
  private static final CallsTable TABLE =
      new CallsTable(
          Map.of("distance", "Fréchet, in: words"),
          List.of(
              new Row(
                  Role.DATA,
                  "data",
                  null,
                  50,
                  new Interval(0.5, 0.25, 0.75),
                  null,
                  1,
                  0.5,
                  null,
                  1.5,
                  null),
              new Row(
                  Role.SAMPLER,
                  "dpmpp-2m",
                  4,
                  60,
                  new Interval(1.0 / 3, -1e-9, 7),
                  new Interval(1.2, 1, Double.POSITIVE_INFINITY),
                  0.25,
                  0,
                  0.9,
                  0.8,
                  1e-17)));

  @TempDir private Path directory;

  private Path written() throws IOException {
    Path file = directory.resolve("calls.csv");
    new CallsFile(file).write(TABLE);
    return file;
  }

  @Test
  void whatWasWritten_isReadBack_toTheLastBit() throws IOException {
    assertEquals(TABLE, new CallsFile(written()).read());
  }

  @Test
  void tableForPeople_hasALineForEachRow_andADashForWhatThereIsNot() {
    List<String> lines = TABLE.text().lines().toList();
    assertEquals(4, lines.size());
    assertEquals("distance: Fréchet, in: words", lines.get(0));
    assertTrue(
        lines.get(2).matches("data +- +0\\.5000 +.*0\\.7500 +- +- +1\\.000 .*"), lines.get(2));
    assertTrue(lines.get(3).matches("dpmpp-2m +4 +0\\.3333 .* 1\\.200 +Infinity .*"), lines.get(3));
  }

  @Test
  void brokenTables_areRefusedByFileAndLine() throws IOException {
    Path file = written();
    List<String> lines = Files.readAllLines(file);
    assertEquals(4, lines.size());
    refused(file, lines.get(2).replace("0.25", "x"), 2, "a role, a name, and numbers");
    refused(
        file, lines.get(2).replace("data,data", "datum,data"), 2, "a role, a name, and numbers");
    refused(file, lines.get(3) + ",", 3, "15 cells");
    refused(file, "# words", 0, "# label: words");
    refused(file, "role", 1, lines.get(1));
    Files.write(file, lines.subList(0, 2));
    assertEquals(
        file + ": holds no row (expected: a table that `evaluate --calls` wrote)", refusal(file));
    assertEquals(
        directory.resolve("none")
            + ": no such file (expected: a table that `evaluate --calls` wrote)",
        refusal(directory.resolve("none")));
  }

  private void refused(Path file, String text, int line, String expected) throws IOException {
    List<String> whole = Files.readAllLines(written());
    whole.set(line, text);
    Files.write(file, whole);
    assertEquals(
        "%s: line %d: '%s' (expected: %s)".formatted(file, line + 1, text, expected),
        refusal(file));
  }

  private static String refusal(Path file) {
    return String.valueOf(
        assertThrows(UserError.class, () -> new CallsFile(file).read()).getMessage());
  }
}
