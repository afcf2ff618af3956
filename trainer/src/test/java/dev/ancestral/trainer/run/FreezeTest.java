package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors that are frozen stay as they are, to the bit; the others learn. */
class FreezeTest {
  private static final String FREEZE = "training.freeze=conv_in.*,mid_block.*.conv1.weight";

  private final TinyRuns runs;

  FreezeTest(@TempDir Path directory) {
    this.runs = new TinyRuns(directory);
  }

  @Test
  void frozenTensorsStay_whateverDecaysThem_andTheOthersMove() throws Exception {
    Map<String, String> early =
        TensorHashes.ofNewest(
            runs.train("early", FREEZE, "training.iterations=1", "training.weight_decay=0.5"));
    Map<String, String> late =
        TensorHashes.ofNewest(runs.train("late", FREEZE, "training.weight_decay=0.5"));
    List<String> frozen =
        List.of(
            "conv_in.bias",
            "conv_in.weight",
            "mid_block.resnets.0.conv1.weight",
            "mid_block.resnets.1.conv1.weight");
    for (String prefix : List.of("model.", "ema.")) {
      early.forEach(
          (name, hash) -> {
            if (name.startsWith(prefix)) {
              if (frozen.contains(name.substring(prefix.length()))) {
                assertEquals(hash, late.get(name), name);
              } else {
                assertNotEquals(hash, late.get(name), name);
              }
            }
          });
    }
    String said = runs.said();
    assertTrue(said.contains("frozen    4 of "), said);
    frozen.forEach(name -> assertTrue(said.contains("  " + name + "\n"), said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          conv_inn.weight | training.freeze: unknown tensor 'conv_inn.weight' (expected one of:
          conv_in         | training.freeze: unknown tensor 'conv_in' (expected one of:
          *               | training.freeze: [*] (expected: at least one tensor that is left to train)
          """)
  void aPatternThatMatchesNothing_orEverything_isRefused(String pattern, String line) {
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> runs.train("run", "training.freeze=['" + pattern + "']"))
                .getMessage());
    assertTrue(message.startsWith(line), message);
  }
}
