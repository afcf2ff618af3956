package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.ancestral.trainer.WeightsKind;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network of a run, as it leaves the trainer. */
class TrainedNetworkTest {
  private final TinyRuns runs;

  TrainedNetworkTest(@TempDir Path directory) {
    this.runs = new TinyRuns(directory);
  }

  @Test
  void theTrainedNetworkIsTheAverageOrTheRawWeights_withItsProvenance() throws IOException {
    Path root = runs.train("run");
    float[] ema = prediction(root, WeightsKind.EMA);
    float[] raw = prediction(root, WeightsKind.RAW);
    assertEquals(64, ema.length);
    assertFalse(FloatBuffer.wrap(ema).equals(FloatBuffer.wrap(raw)));
    try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, runs.out()::println)) {
      Map<String, String> words = network.facts().provenance();
      assertEquals("8", words.get("iterations"));
      assertEquals("builtin:digits", words.get("data"));
      assertEquals("ema", words.get("weights"));
      assertTrue(words.containsKey("training_seconds"), words.toString());
      assertTrue(words.containsKey("trained_at"), words.toString());
      assertTrue(String.valueOf(words.get("versions")).contains("PyTorch 2"), words.toString());
    }
  }

  private float[] prediction(Path root, WeightsKind kind) throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(root, kind, runs.out()::println)) {
      var manager = network.manager();
      NDList inputs =
          new NDList(
              manager.ones(new Shape(1, 1, 8, 8)),
              manager.create(new float[] {7}),
              manager.create(new long[] {2}));
      return network
          .block()
          .forward(new ParameterStore(manager, false), inputs, false)
          .singletonOrThrow()
          .toFloatArray();
    }
  }
}
