package dev.ancestral.trainer.network.convnext;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkContract;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.SineWeights;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConvNextUnetTest extends NetworkContract {
  private static final Map<String, Object> GATED =
      Map.of("dim", 8, "dim_mults", List.of(1, 2), "attention_gates", true);
  private static final Map<String, Object> PLAIN = Map.of("dim", 8, "dim_mults", List.of(1, 2));
  private static final NetworkTask GRAY = new NetworkTask(List.of(1L, 8L, 8L), 11, 1000);
  private static final NetworkTask RGB = new NetworkTask(List.of(3L, 128L, 128L), null, 1000);

  @Override
  protected String family() {
    return "convnext_unet";
  }

  @Override
  protected Map<String, Object> settings() {
    return GATED;
  }

  @Override
  protected NetworkTask task() {
    return GRAY;
  }

  @Test
  void atWidth64_has62699395Parameters() {
    assertEquals(62_699_395, count(network(Map.of(), RGB)));
    assertEquals(
        62_699_395, count(network(Map.of("dim", 64, "dim_mults", List.of(1, 2, 4, 8)), RGB)));
  }

  @Test
  void atWidth32_has15753155Parameters() {
    assertEquals(15_753_155, count(network(Map.of("dim", 32), RGB)));
  }

  @Test
  void atWidth16WithTwoLevelsForGray_has306753Parameters() {
    NetworkTask gray = new NetworkTask(List.of(1L, 8L, 8L), null, 1000);
    assertEquals(306_753, count(network(Map.of("dim", 16, "dim_mults", List.of(1, 2)), gray)));
  }

  @Test
  void gatesAddThreePointwiseConvolutionsForEachSkip() {
    // Two skips a level: 8 channels to 8, and 8 to 16.
    long first = (8 * 8 + 8) + (8 * 8 + 8) + (8 + 1);
    long second = (16 * 16 + 16) + (8 * 16 + 16) + (16 + 1);

    assertEquals(count(network(PLAIN, GRAY)) + 2 * (first + second), count(network(GATED, GRAY)));
    assertTrue(shapes(network(GATED, GRAY)).containsKey("ups.1.gates.1.in_conv.weight"));
    assertFalse(shapes(network(PLAIN, GRAY)).containsKey("ups.1.gates.1.in_conv.weight"));
  }

  @Test
  void predictsWhatTheOriginalPredicts() {
    Network network = network(PLAIN, new NetworkTask(List.of(3L, 8L, 4L), null, 1000));
    FlatParameters.initialize(manager, network.block());
    SineWeights.fill(network);
    // The original's layers in PyTorch 2.15.0, TwoResUNet(8, dim_mults = (1, 2)).
    float[] original = {
      3.547288f, 3.501789f, 0.002363411f, -0.7876849f, -2.13433f, -2.591289f,
      2.941722f, 3.362835f, -0.3805773f, -0.9875144f, -2.700917f, -2.080687f
    };
    float[] ours = SineWeights.every(17, forward(network, SineWeights.inputs(manager, 3, 8, 4)));
    assertArrayEquals(original, ours, 2e-5f);
  }

  @Test
  void tensorsHaveTheNamesAndShapesOfTheOriginal() {
    Map<String, Shape> shapes = shapes(network(PLAIN, GRAY));

    assertEquals(new Shape(8, 1, 7, 7), shapes.get("init_conv.weight"));
    assertEquals(new Shape(32, 32), shapes.get("time_mlp.3.weight"));
    assertEquals(new Shape(8, 32), shapes.get("downs.0.0.mlp.1.weight"));
    assertEquals(new Shape(8, 1, 7, 7), shapes.get("downs.0.0.in_conv.weight"));
    assertEquals(new Shape(8), shapes.get("downs.0.0.block.0.weight"));
    assertEquals(new Shape(16, 8, 3, 3), shapes.get("downs.0.0.block.1.weight"));
    assertEquals(new Shape(16), shapes.get("downs.0.0.block.3.bias"));
    assertEquals(new Shape(8, 16, 3, 3), shapes.get("downs.0.0.block.4.weight"));
    assertEquals(new Shape(8, 32, 1, 1), shapes.get("downs.0.2.net.1.weight"));
    assertEquals(new Shape(16, 8, 3, 3), shapes.get("downs.1.2.weight"));
    assertEquals(new Shape(16, 24, 1, 1), shapes.get("ups.0.0.residual_conv.weight"));
    assertEquals(new Shape(24, 1, 7, 7), shapes.get("ups.0.1.in_conv.weight"));
    assertEquals(new Shape(8, 16, 3, 3), shapes.get("ups.0.2.net.1.weight"));
    assertEquals(new Shape(8, 8, 3, 3), shapes.get("ups.1.2.weight"));
    assertEquals(new Shape(8, 16, 1, 1), shapes.get("final_res_block.residual_conv.weight"));
    assertEquals(new Shape(1, 8, 1, 1), shapes.get("final_conv.weight"));
  }

  @Test
  void aStemOfAnotherWidth_isAlsoTheWidthOfTheLastBlock() {
    Network network =
        network(
            Map.of("dim", 8, "init_dim", 6, "dim_mults", List.of(1, 2), "attention_gates", true),
            GRAY);
    FlatParameters.initialize(manager, network.block());
    assertEquals(
        new Shape(6, 12, 1, 1), shapes(network).get("final_res_block.residual_conv.weight"));
    assertEquals(new Shape(3, 1, 8, 8), forward(network, inputs(3)).getShape());
  }

  @Test
  void oblongPicturesKeepTheirShape() {
    NetworkTask task = new NetworkTask(List.of(3L, 12L, 8L), null, 1000);
    Network network = network(PLAIN, task);
    FlatParameters.initialize(manager, network.block());
    assertEquals(
        new Shape(2, 3, 12, 8), forward(network, SineWeights.inputs(manager, 3, 12, 8)).getShape());
    assertEquals(List.of(12, 8), network.config().get("sample_size"));
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    assertRefused(
        "network.convnext_block_groups: unknown key", Map.of("convnext_block_groups", 8), RGB);
    assertRefused(
        "image size: 30×32 (expected: multiples of 8, which 4 levels can halve)",
        Map.of(),
        new NetworkTask(List.of(3L, 30L, 32L), null, 1000));
    assertRefused(
        "network: convnext_unet on data of shape [2] (expected: [channels, height, width])",
        Map.of(),
        new NetworkTask(List.of(2L), null, 1000));
    assertRefused("network.dim: 2 (expected: even, at least 4)", Map.of("dim", 2), RGB);
    assertRefused(
        "network.dim_mults: [] (expected: at least 1 level, each at least 1)",
        Map.of("dim_mults", List.of()),
        RGB);
    assertRefused(
        "network.attention_gates: 1 (expected: true or false)", Map.of("attention_gates", 1), RGB);
  }
}
