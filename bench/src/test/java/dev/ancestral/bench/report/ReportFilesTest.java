package dev.ancestral.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
  private static final Report REPORT =
      new Report(
          Map.of("seed", "7"),
          List.of(
              new Finding(
                  "alone",
                  "step batching",
                  Quantity.MILLISECONDS,
                  10.26,
                  new Comparison("PyTorch eager", 21.5, 2.1, 7, new Interval(2.0, 2.2, 0.98)),
                  "a step of 50"),
              Finding.of("mixed-70", "cut off", Quantity.COUNT, 0, "of 12 of 13"),
              Finding.missing("alone", "PyTorch eager", Quantity.MILLISECONDS, "no python3")),
          List.of(
              new Plot(
                  "curve",
                  "A curve",
                  "rows",
                  "ms",
                  false,
                  List.of(new Plot.Curve("ours", List.of(1.0, 2.0), List.of(3.0, 4.0))))));

  @Test
  void theTableIsReadableAsItIs() {
    assertEquals(
        """
        | scenario | measured      |   value | against       | its value |          times as good | note                     |
        | -------- | ------------- | ------: | ------------- | --------: | ---------------------: | ------------------------ |
        | alone    | step batching | 10.3 ms | PyTorch eager |   21.5 ms | 2.10 (2.00..2.20 of 7) | a step of 50             |
        | mixed-70 | cut off       |       0 |               |           |                        | of 12 of 13              |
        | alone    | PyTorch eager |       - |               |           |                        | not measured: no python3 |
        """,
        Markdown.table(REPORT));
  }

  @Test
  void numbersHaveThreeDigitsWhateverTheirSize() {
    assertEquals(
        List.of("0.00", "0.0012", "0.12", "1.23", "12.3", "123", "123456"),
        List.of(0.0, 0.00123, 0.123, 1.234, 12.34, 123.4, 123456.4).stream()
            .map(Markdown::format)
            .toList());
  }

  @Test
  void theSameIsWrittenAsMarkdownJsonAndPictures(@TempDir Path directory) throws Exception {
    ReportFiles.write(directory, REPORT);

    String markdown = Files.readString(directory.resolve("report.md"));
    assertTrue(markdown.contains(Markdown.table(REPORT)));
    assertTrue(markdown.contains("![A curve](curve.png)"));
    assertTrue(markdown.contains("| seed "));

    JsonObject json =
        JsonParser.parseString(Files.readString(directory.resolve("report.json")))
            .getAsJsonObject();
    JsonObject first = json.getAsJsonArray("findings").get(0).getAsJsonObject();
    assertEquals(10.26, first.get("value").getAsDouble());
    assertEquals(2.1, first.getAsJsonObject("against").get("times").getAsDouble());
    JsonObject against = first.getAsJsonObject("against");
    assertEquals(7, against.get("rounds").getAsInt());
    assertEquals(0.98, against.getAsJsonObject("interval").get("confidence").getAsDouble());
    assertEquals("7", json.getAsJsonObject("conditions").get("seed").getAsString());

    assertEquals(900, ImageIO.read(directory.resolve("curve.png").toFile()).getWidth());
  }
}
