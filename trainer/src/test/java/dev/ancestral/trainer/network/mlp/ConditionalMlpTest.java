package dev.ancestral.trainer.network.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.TangentContract;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConditionalMlpTest extends TangentContract {
  private static final NetworkTask POINTS = new NetworkTask(List.of(2L), null, 100);

  @Override
  protected String family() {
    return "conditional_mlp";
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("width", 8, "hidden_layers", 2);
  }

  @Override
  protected NetworkTask task() {
    return POINTS;
  }

  @Test
  void threeHiddenLayersOf128_have72066Parameters() {
    Network network = network(Map.of(), POINTS);
    assertEquals(72_066, count(network));
    assertFalse(network.continuousTimesteps());
  }

  @Test
  void twoHiddenLayersAndAVarianceForEachNumber_have43012Parameters() {
    NetworkTask withVariance = new NetworkTask(List.of(2L), null, 100, 2);
    Network network = network(Map.of("hidden_layers", 2), withVariance);
    assertEquals(43_012, count(network));
    assertEquals(new Shape(4, 128), shapes(network).get("head.weight"));
    assertEquals(4, network.config().get("outputs"));
  }

  @Test
  void timestepOfARow_changesThatRowAlone() {
    Network network = network(Map.of("width", 8, "hidden_layers", 1), POINTS);
    FlatParameters.initialize(manager, network.block());
    float[] before = predict(network, 3, 99);
    float[] after = predict(network, 3, 0);
    assertArrayEquals(Arrays.copyOf(before, 2), Arrays.copyOf(after, 2));
    assertFalse(Arrays.equals(Arrays.copyOfRange(before, 2, 4), Arrays.copyOfRange(after, 2, 4)));
  }

  private float[] predict(Network network, float t0, float t1) {
    NDList inputs =
        new NDList(
            manager.create(new float[] {1, -1, 1, -1}, new Shape(2, 2)),
            manager.create(new float[] {t0, t1}));
    return forward(network, inputs).toFloatArray();
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    assertRefused(
        "network: conditional_mlp on data of shape [1, 8, 8] (expected: [features])",
        Map.of(),
        new NetworkTask(List.of(1L, 8L, 8L), null, 100));
    assertRefused(
        "network: conditional_mlp knows no classes (expected: data.conditional false)",
        Map.of(),
        new NetworkTask(List.of(2L), 11, 100));
    assertRefused(
        "network.hidden_layers: 0 (expected: at least 1)", Map.of("hidden_layers", 0), POINTS);
    assertRefused("network.layers: unknown key", Map.of("layers", 2), POINTS);
  }
}
