package dev.ancestral.trainer.network.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.TangentContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreMlpTest extends TangentContract {
  private static final NetworkTask POINTS = new NetworkTask(List.of(2L), null, 1);

  @Override
  protected String family() {
    return "score_mlp";
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("width", 8);
  }

  @Override
  protected NetworkTask task() {
    return POINTS;
  }

  @Override
  protected boolean readsTheTimestep() {
    return false;
  }

  @Test
  void twoHiddenLayersOf128_have17154Parameters() {
    Network network = network(Map.of(), POINTS);
    assertEquals(17_154, count(network));
    assertFalse(network.continuousTimesteps());
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    assertRefused(
        "network: score_mlp with 100 timesteps (expected: 1, it knows a single noise level)",
        Map.of(),
        new NetworkTask(List.of(2L), null, 100));
    assertRefused(
        "network: score_mlp on data of shape [1, 8, 8] (expected: [features])",
        Map.of(),
        new NetworkTask(List.of(1L, 8L, 8L), null, 1));
    assertRefused(
        "network: score_mlp knows no classes (expected: data.conditional false)",
        Map.of(),
        new NetworkTask(List.of(2L), 4, 1));
    assertRefused("network.width: 0 (expected: at least 1)", Map.of("width", 0), POINTS);
  }
}
