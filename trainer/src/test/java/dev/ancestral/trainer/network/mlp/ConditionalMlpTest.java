package dev.ancestral.trainer.network.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import dev.ancestral.trainer.network.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConditionalMlpTest {
  private static final NetworkTask POINTS = new NetworkTask(List.of(2L), null, 100);

  private static Network network(Map<String, Object> settings, NetworkTask task) {
    return Networks.of("conditional_mlp").create(settings, task, 1);
  }

  @Test
  void threeHiddenLayersOf128_have72066Parameters() {
    try (NDManager manager = Torch.newManager()) {
      Network network = network(Map.of(), POINTS);
      assertEquals(72_066, FlatParameters.initialize(manager, network.block()).size());
      assertFalse(network.continuousTimesteps());
    }
  }

  @Test
  void timestepOfARow_changesThatRowAlone() {
    try (NDManager manager = Torch.newManager()) {
      Network network = network(Map.of("width", 8, "hidden_layers", 1), POINTS);
      FlatParameters.initialize(manager, network.block());
      float[] before = predict(manager, network, 3, 99);
      float[] after = predict(manager, network, 3, 0);
      assertArrayEquals(Arrays.copyOf(before, 2), Arrays.copyOf(after, 2));
      assertFalse(Arrays.equals(Arrays.copyOfRange(before, 2, 4), Arrays.copyOfRange(after, 2, 4)));
    }
  }

  private static float[] predict(NDManager manager, Network network, float t0, float t1) {
    NDList inputs =
        new NDList(
            manager.create(new float[] {1, -1, 1, -1}, new Shape(2, 2)),
            manager.create(new float[] {t0, t1}));
    return network
        .block()
        .forward(new ParameterStore(manager, false), inputs, false)
        .singletonOrThrow()
        .toFloatArray();
  }

  @Test
  void imagesAndClasses_areRefused() {
    assertEquals(
        "network: conditional_mlp on data of shape [1, 8, 8] (expected: [features])",
        refusal(new NetworkTask(List.of(1L, 8L, 8L), null, 100)));
    assertEquals(
        "network: conditional_mlp knows no classes (expected: data.conditional false)",
        refusal(new NetworkTask(List.of(2L), 11, 100)));
  }

  private static String refusal(NetworkTask task) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> network(Map.of(), task)).getMessage());
  }
}
