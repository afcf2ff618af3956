package dev.ancestral.trainer;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private Path directory;

  private String dryRun(String source, String... settings) {
    Path out = directory.resolve("run");
    List<String> arguments =
        new ArrayList<>(List.of("train", "--dry-run", "--out", out.toString(), "--data", source));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    assertFalse(Files.exists(out));
    assertTrue(run.out().contains("\n# memory: about "), run.out());
    // What the machine has may change in between.
    return run.out().lines().filter(line -> !line.startsWith("#")).collect(joining("\n")) + "\n";
  }

  @Test
  void aSourceStartsFromTheSettingsMadeForWhatItHolds() throws IOException {
    Path csv = Files.writeString(directory.resolve("points.csv"), "1,2\n3,4\n");
    ByteBuffer images = ByteBuffer.allocate(16 + 28 * 28);
    images.putInt(0x803).putInt(1).putInt(28).putInt(28);
    Files.write(directory.resolve("train-images-idx3-ubyte"), images.array());
    String points = dryRun("csv:" + csv);
    assertTrue(points.contains("type: conditional_mlp"), points);
    assertTrue(points.contains("hidden_layers: 4"), points);
    assertEquals(points.replace("csv:" + csv, "builtin:swiss-roll"), dryRun("builtin:swiss-roll"));
    String idx = dryRun("idx:" + directory);
    assertTrue(idx.contains("down_block_types:\n  - DownBlock2D\n  - DownBlock2D\n"), idx);
  }

  @Test
  void everySettingIsSpelledOut_andASingleOneWins() {
    String digits = dryRun("builtin:digits", "data.range=[0, 1]", "training.batch=7");
    for (String line :
        List.of(
            "  batch: 7\n",
            "  range:\n  - 0.0\n  - 1.0\n",
            "  augmentation:\n    horizontal_flip: false\n    vertical_flip: false\n    translation: 0\n",
            "  freeze: []\n",
            "  rates: []\n  sigma_rel: []\n",
            "  dropout: 0.0\n",
            "  max_decay: 0.995\n")) {
      assertTrue(digits.contains(line), () -> digits + "\n(expected to contain: " + line + ")");
    }
  }
}
